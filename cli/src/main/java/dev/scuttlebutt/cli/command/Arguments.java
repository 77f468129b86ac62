package dev.scuttlebutt.cli.command;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonException;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.json.JsonString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The arguments of one command, by position. Their number has been checked. Each method reads an argument as something
 * and says by name which one does not fit. Read all of them before changing anything.
 *
 * @see "cli, section 1"
 */
public final class Arguments {
    /** Longer waits than this cannot be told from for ever. */
    private static final double MAX_SECONDS = 1e9;

    private final Usage usage;
    private final Words words;

    Arguments(Usage usage, Words words) {
        this.usage = usage;
        this.words = words;
    }

    /** Returns how many there are. */
    public int size() {
        return words.size();
    }

    /** Tells whether an argument that may be left out is there. */
    public boolean has(int index) {
        return index < size();
    }

    /** Returns the word as it stands, for what is neither JSON nor text, such as an address. */
    public String word(int index) {
        return words.get(index);
    }

    /** Returns any value: JSON where the word starts like JSON, otherwise the word as a string. */
    public Json value(int index) throws CommandException {
        String word = words.get(index);
        if (!Words.startsLikeJson(word)) {
            return Json.of(word);
        }
        try {
            return Json.parse(word);
        } catch (JsonException malformed) {
            throw new CommandException(usage.name(index) + " starts like JSON and is none: " + malformed.getMessage()
                    + "; text that starts so needs \"quotes\"");
        }
    }

    /** Returns the values from a position on. */
    public List<Json> values(int from) throws CommandException {
        List<Json> values = new ArrayList<>();
        for (int i = from; i < size(); i++) {
            values.add(value(i));
        }
        return values;
    }

    /**
     * Returns a text. A number, {@code true}, {@code false} or {@code null} is taken for text where JavaScript would
     * spell it the same way, so {@code 1} needs no quotes and {@code 1e3} does.
     */
    public String text(int index) throws CommandException {
        Json value = value(index);
        if (value instanceof JsonString string) {
            return string.value();
        }
        String word = words.get(index);
        if (value.depth() > 0 || !word.equals(value.toString())) {
            throw new CommandException(usage.name(index) + " is to be a text; text that starts like JSON needs "
                    + "\"quotes\", found " + excerpt(word));
        }
        return word;
    }

    /** Returns a whole number that fits an {@code int}. */
    public int integer(int index) throws CommandException {
        return as(index, Integer.class, "a whole number");
    }

    /** Returns an object. */
    public JsonObject object(int index) throws CommandException {
        return as(index, JsonObject.class, "an object");
    }

    /** Returns a clock: an object of timestamps. */
    public Clock clock(int index) throws CommandException {
        JsonObject object = as(index, JsonObject.class, "an object {SOURCE:TIMESTAMP,…}");
        Clock clock = Clock.of(object);
        if (clock.size() != object.size()) {
            throw new CommandException(
                    usage.name(index) + " is to have numbers for timestamps, found " + excerpt(object.toString()));
        }
        return clock;
    }

    /** Returns a number of seconds, or what to take when the argument is left out. */
    public Duration seconds(int index, Duration otherwise) throws CommandException {
        if (!has(index)) {
            return otherwise;
        }
        double seconds = as(index, Double.class, "a number of seconds");
        if (!(seconds >= 0 && seconds <= MAX_SECONDS)) {
            throw new CommandException(
                    usage.name(index) + " is to be from 0 to " + (long) MAX_SECONDS + ", found " + word(index));
        }
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    private <T> T as(int index, Class<T> type, String wanted) throws CommandException {
        Json value = value(index);
        T converted = null;
        try {
            converted = value.as(type);
        } catch (IllegalArgumentException unfit) {
            // Told below in the words of the command.
        }
        if (converted == null) {
            throw new CommandException(usage.name(index) + " is to be " + wanted + ", found " + excerpt(word(index)));
        }
        return converted;
    }

    private static String excerpt(String word) {
        return word.length() <= 40 ? word : word.substring(0, 40) + "…";
    }
}
