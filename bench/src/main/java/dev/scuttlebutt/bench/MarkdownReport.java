package dev.scuttlebutt.bench;

import java.util.stream.Collectors;

/** A report for a document. */
record MarkdownReport(Report report) {

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(report.machine().toString().replace("\n", "\\\n")).append("\n\n");
        row(text, "scenario", "measured", "this", "beside", "ratio", "by CPU", "goal", "");
        row(text, "---", "---", "---", "---", "---", "---", "---", "---");
        for (Result row : report.rows()) {
            if (!row.ours().isEmpty() || row.failure() != null) {
                append(text, row);
            }
        }
        text.append("\nWhat else was counted:\n\n")
                .append(report.rows().stream()
                        .filter(row -> !Report.details(row).isEmpty())
                        .map(row -> "- `" + row.scenario().name() + "`: " + Report.details(row) + "\n")
                        .collect(Collectors.joining()));
        text.append("\nMedians of up to ")
                .append(report.runs())
                .append(report.runs() == 1 ? " run" : " runs")
                .append(", measured in ")
                .append(Math.round(report.seconds() / 60))
                .append(" minutes.\n");
        report.remarks().forEach(remark -> text.append("\n").append(remark).append('\n'));
        return text.toString();
    }

    private void append(StringBuilder text, Result row) {
        Scenario scenario = row.scenario();
        Goal goal = scenario.goal();
        String beside = Report.value(scenario, row.originals());
        row(
                text,
                "`" + scenario.name() + "`",
                scenario.title(),
                Report.value(scenario, row.ours()),
                beside.isEmpty() ? "" : beside + " (" + scenario.beside() + ")",
                ratio(row.ratio()),
                ratio(row.ratioByCpu()),
                goal == null ? "" : goal.toString(),
                row.failure() == null ? report.verdict(row).word() : "failed");
    }

    private static String ratio(double ratio) {
        return Double.isNaN(ratio) ? "" : Unit.digits(ratio);
    }

    private static void row(StringBuilder text, String... cells) {
        text.append('|');
        for (String cell : cells) {
            text.append(' ').append(cell.replace("|", "\\|")).append(cell.isEmpty() ? "|" : " |");
        }
        text.append('\n');
    }
}
