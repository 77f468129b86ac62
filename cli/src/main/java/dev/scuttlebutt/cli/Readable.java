package dev.scuttlebutt.cli;

import dev.scuttlebutt.cli.command.Scope;
import dev.scuttlebutt.cli.command.Words;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.json.JsonString;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Results laid out for people. */
final class Readable {
    private static final String GAP = "  ";

    private final Style style;

    Readable(Style style) {
        this.style = style;
    }

    /** Lays out a result: members one below the other, arrays of objects as a table. Lines end with a line feed. */
    String result(Json json) {
        if (json instanceof JsonObject object && object.size() > 0) {
            return members(object);
        }
        if (json instanceof JsonArray array && array.size() > 0) {
            return array.stream().allMatch(item -> item instanceof JsonObject) ? table(array) : items(array);
        }
        return spell(json) + "\n";
    }

    /** Lays out what a scope can do. */
    String help(Scope scope) {
        List<Scope.Help> lines = scope.help();
        int width = lines.stream().mapToInt(line -> line.call().length()).max().orElse(0);
        return lines.stream()
                .map(line -> GAP + style.name(pad(line.call(), width)) + GAP + line.meaning() + "\n")
                .collect(Collectors.joining());
    }

    /** Lays out an event, on one line without a line feed. */
    String event(String name, Json data) {
        return style.faint(name + (data.isNull() ? "" : " " + spell(data)));
    }

    private String members(JsonObject object) {
        List<String> keys = object.keys().stream().map(Readable::word).toList();
        int width = keys.stream().mapToInt(String::length).max().orElse(0);
        return IntStream.range(0, keys.size())
                .mapToObj(i -> style.name(pad(keys.get(i), width)) + GAP
                        + spell(object.entries().get(i).getValue()) + "\n")
                .collect(Collectors.joining());
    }

    private static String items(JsonArray array) {
        return array.stream().map(item -> spell(item) + "\n").collect(Collectors.joining());
    }

    private String table(JsonArray rows) {
        Set<String> columns = new LinkedHashSet<>();
        rows.forEach(row -> columns.addAll(row.asObject().keys()));
        List<StringBuilder> lines = new ArrayList<>();
        IntStream.rangeClosed(0, rows.size()).forEach(i -> lines.add(new StringBuilder()));
        for (String column : columns) {
            List<String> cells = rows.stream()
                    .map(row -> row.asObject().get(column))
                    .map(value -> value == null || value.isNull()
                            ? "-"
                            : value instanceof JsonString text ? Style.harmless(text.value()) : spell(value))
                    .toList();
            String heading = word(column);
            int width = Math.max(
                    heading.length(),
                    cells.stream().mapToInt(String::length).max().orElse(0));
            lines.get(0).append(style.name(pad(heading, width))).append(GAP);
            for (int i = 0; i < cells.size(); i++) {
                lines.get(i + 1).append(pad(cells.get(i), width)).append(GAP);
            }
        }
        return lines.stream()
                .map(line -> line.toString().stripTrailing() + "\n")
                .collect(Collectors.joining());
    }

    private static String spell(Json json) {
        return Style.harmless(json.toString());
    }

    private static String word(String text) {
        return Style.harmless(Words.quote(text));
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length());
    }
}
