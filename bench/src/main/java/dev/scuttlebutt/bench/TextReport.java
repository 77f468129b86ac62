package dev.scuttlebutt.bench;

/** A report for a terminal. */
record TextReport(Report report) {

    @Override
    public String toString() {
        Table table = new Table("", "", "this", "beside", "", "ratio", "by CPU", "goal", "");
        for (Result row : report.rows()) {
            Scenario scenario = row.scenario();
            Goal goal = scenario.goal();
            table.add(
                    scenario.name(),
                    scenario.title(),
                    value(row),
                    Report.value(scenario, row.originals()),
                    row.originals().isEmpty() ? "" : scenario.beside(),
                    times(row.ratio()),
                    times(row.ratioByCpu()),
                    goal == null ? "" : goal.toString(),
                    row.failure() == null ? report.verdict(row).word() : "failed");
        }
        StringBuilder text = new StringBuilder();
        text.append(report.machine()).append("\n\n").append(table).append('\n');
        for (Result row : report.rows()) {
            String details = Report.details(row);
            if (!details.isEmpty()) {
                text.append(row.scenario().name()).append(": ").append(details).append('\n');
            }
        }
        text.append("Medians of up to ")
                .append(report.runs())
                .append(" runs, each in a process of its own, both sides in turn; ± is half of the distance between\n")
                .append(
                        "best and worst. Ratio: how many times better than what stands beside. By CPU: the same by the\n")
                .append("processor time of the processes measured, with compilers and collectors; other load on the\n")
                .append("machine disturbs it less. ")
                .append(String.format("Measured in %.0f s.%n", report.seconds()));
        report.remarks().forEach(remark -> text.append('\n').append(remark).append('\n'));
        return text.toString();
    }

    private static String value(Result row) {
        return row.ours().isEmpty() ? "not measured" : Report.value(row.scenario(), row.ours());
    }

    private static String times(double ratio) {
        return Double.isNaN(ratio) ? "" : "× " + Unit.digits(ratio);
    }
}
