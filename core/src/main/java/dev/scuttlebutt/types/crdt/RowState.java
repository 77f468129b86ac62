package dev.scuttlebutt.types.crdt;

import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is known of a row, visible or not. Guarded by the document's lock. */
final class RowState {
    /*
     * A field is a register: its value and the update that wrote it last. The tombstone is the latest deletion of the row.
     * Both only grow by stamp, and a field never has a stamp below the tombstone's, so the state is a function of the set
     * of updates that were seen, whatever the order: every field is the latest write of it, unless the latest deletion is
     * later still.
     *
     * The row is hidden until it has a field, and after a deletion as long as all its fields are null. The second half is
     * for JavaScript peers: when one of them that keeps the row in a set receives a deletion, it takes the row out of the
     * set by writing null into the set's field, with a later stamp, and so would bring the row back to life everywhere.
     *
     * An update must stay in the history as long as it holds a field. It can hold several, all in this row. So the winner
     * of a field is the update itself when it won one field, which is the usual case and costs nothing, and otherwise a
     * Held with a counter. Searching the other fields for the same update would do without the counter and cost the width
     * of the row for each write.
     *
     * Fields lie in one array, three places each. Rows are mostly narrow, so a search is as fast as hashing; wide ones get
     * an index, or a peer could make every write cost as much as the fields it has invented.
     */
    private static final int INDEX_FROM = 16;

    private static final int NAME = 0;
    private static final int VALUE = 1;
    private static final int WINNER = 2;
    private static final int WIDTH = 3;

    /** An update that won several fields. */
    private static final class Held {
        final Update update;
        int fields;

        Held(Update update, int fields) {
            this.update = update;
            this.fields = fields;
        }
    }

    final String id;
    private Object[] cells = new Object[WIDTH];
    private int size;
    private int nulls;
    private @Nullable Map<String, Integer> index;
    private @Nullable Update tombstone;

    RowState(String id) {
        this.id = id;
    }

    // Looking

    boolean isVisible() {
        return tombstone == null ? size > 0 : size > nulls;
    }

    @Nullable
    Update tombstone() {
        return tombstone;
    }

    /** Returns the value of a field, null when it was never written. Every row has an id. */
    @Nullable
    Json value(String name) {
        int at = find(name);
        if (at >= 0) {
            return valueAt(at);
        }
        return name.equals("id") ? Json.of(id) : null;
    }

    /** Returns the update that wrote a field last. */
    @Nullable
    Update winner(String name) {
        int at = find(name);
        return at < 0 ? null : winnerAt(at);
    }

    JsonObject toJson() {
        JsonObject.Builder json = JsonObject.builder();
        json.put("id", Json.of(id));
        for (int at = 0; at < size; at++) {
            json.put(nameAt(at), valueAt(at));
        }
        return json.build();
    }

    void forEachWinner(Consumer<Update> action) {
        for (int at = 0; at < size; at++) {
            action.accept(winnerAt(at));
        }
    }

    private String nameAt(int at) {
        return (String) cells[at * WIDTH + NAME];
    }

    private Json valueAt(int at) {
        return (Json) cells[at * WIDTH + VALUE];
    }

    private Update winnerAt(int at) {
        Object winner = cells[at * WIDTH + WINNER];
        return winner instanceof Held held ? held.update : (Update) winner;
    }

    private int find(String name) {
        if (index != null) {
            Integer at = index.get(name);
            return at == null ? -1 : at;
        }
        for (int at = 0; at < size; at++) {
            if (cells[at * WIDTH + NAME].equals(name)) {
                return at;
            }
        }
        return -1;
    }

    // Merging

    /** Returns those of the fields that the update wins here. */
    JsonObject won(Update update, JsonObject fields) {
        if (tombstone != null && !update.isAfter(tombstone)) {
            return JsonObject.builder().build();
        }
        int count = 0;
        for (String name : fields.keys()) {
            count += wins(update, name) ? 1 : 0;
        }
        if (count == fields.size()) {
            return fields;
        }
        JsonObject.Builder won = JsonObject.builder();
        fields.forEach((name, value) -> {
            if (wins(update, name)) {
                won.put(name, value);
            }
        });
        return won.build();
    }

    private boolean wins(Update update, String name) {
        int at = find(name);
        return at < 0 || update.isAfter(winnerAt(at));
    }

    /**
     * Writes the fields that an update has won.
     *
     * @param gone is told each update that holds no field any more
     */
    void write(Update update, JsonObject won, Names names, Consumer<Update> gone) {
        Object winner = won.size() == 1 ? update : new Held(update, won.size());
        won.forEach((name, value) -> {
            int at = find(name);
            if (at < 0) {
                append(names.known(name), value, winner);
                return;
            }
            release(cells[at * WIDTH + WINNER], gone);
            nulls += (value.isNull() ? 1 : 0) - (valueAt(at).isNull() ? 1 : 0);
            cells[at * WIDTH + VALUE] = value;
            cells[at * WIDTH + WINNER] = winner;
        });
    }

    private void append(String name, Json value, Object winner) {
        int from = size * WIDTH;
        if (from == cells.length) {
            int room = size < 4 ? size + 1 : size + (size >> 1);
            cells = Arrays.copyOf(cells, room * WIDTH);
        }
        cells[from + NAME] = name;
        cells[from + VALUE] = value;
        cells[from + WINNER] = winner;
        nulls += value.isNull() ? 1 : 0;
        if (index != null) {
            index.put(name, size);
        }
        size++;
        if (index == null && size == INDEX_FROM) {
            makeIndex();
        }
    }

    private static void release(Object winner, Consumer<Update> gone) {
        if (winner instanceof Held held) {
            held.fields--;
            if (held.fields == 0) {
                gone.accept(held.update);
            }
        } else {
            gone.accept((Update) winner);
        }
    }

    /** Returns the names of the fields that a deletion takes away, unmodifiable. */
    Set<String> lostTo(Update deletion) {
        Set<String> lost = new LinkedHashSet<>();
        for (int at = 0; at < size; at++) {
            if (deletion.isAfter(winnerAt(at))) {
                lost.add(nameAt(at));
            }
        }
        return Collections.unmodifiableSet(lost);
    }

    /**
     * Makes a deletion, which is later than the tombstone, the tombstone.
     *
     * @param gone is told each update that is of no use any more
     */
    void bury(Update deletion, Consumer<Update> gone) {
        if (tombstone != null) {
            gone.accept(tombstone);
        }
        tombstone = deletion;
        int kept = 0;
        nulls = 0;
        for (int at = 0; at < size; at++) {
            if (deletion.isAfter(winnerAt(at))) {
                release(cells[at * WIDTH + WINNER], gone);
            } else {
                nulls += valueAt(at).isNull() ? 1 : 0;
                System.arraycopy(cells, at * WIDTH, cells, kept * WIDTH, WIDTH);
                kept++;
            }
        }
        if (kept < size) {
            size = kept;
            cells = Arrays.copyOf(cells, Math.max(1, kept) * WIDTH);
            index = null;
            if (kept >= INDEX_FROM) {
                makeIndex();
            }
        }
    }

    private void makeIndex() {
        Map<String, Integer> places = new HashMap<>();
        for (int at = 0; at < size; at++) {
            places.put(nameAt(at), at);
        }
        index = places;
    }
}
