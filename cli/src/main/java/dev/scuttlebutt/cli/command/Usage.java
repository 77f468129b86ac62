package dev.scuttlebutt.cli.command;

import java.util.List;

/**
 * The arguments of a command as help shows them, for example {@code KEY VALUE}, {@code [SECONDS]} for one that may be
 * left out, {@code DATA…} for any number of them.
 */
final class Usage {
    private final String text;
    private final List<String> names;
    private final int min;
    private final int max;

    private Usage(String text, List<String> names, int min, int max) {
        this.text = text;
        this.names = names;
        this.min = min;
        this.max = max;
    }

    static Usage of(String text) {
        List<String> parts = text.isEmpty() ? List.of() : List.of(text.split(" "));
        int min = 0;
        int max = parts.size();
        for (String part : parts) {
            if (part.endsWith("…")) {
                max = Integer.MAX_VALUE;
            } else if (!part.startsWith("[")) {
                min++;
            }
        }
        List<String> names =
                parts.stream().map(part -> part.replaceAll("[\\[\\]…]", "")).toList();
        return new Usage(text, names, min, max);
    }

    /** The name of an argument; those of a repeated one share its name. */
    String name(int index) {
        return names.get(Math.min(index, names.size() - 1));
    }

    void check(String command, int count) throws CommandException {
        if (count >= min && count <= max) {
            return;
        }
        String found = count == 0 ? "found none" : count == 1 ? "found one argument" : "found " + count + " arguments";
        String hint = count > max && max > 0 ? "; a text with blanks needs \"quotes\"" : "";
        throw new CommandException(
                command + (text.isEmpty() ? " takes no argument" : " takes " + text) + ", " + found + hint);
    }

    @Override
    public String toString() {
        return text;
    }
}
