package dev.scuttlebutt.testkit;

import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.RArray;
import dev.scuttlebutt.types.REdit;
import dev.scuttlebutt.types.RString;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Work on arrays and texts. Half of the replicas make their keys as JavaScript does, so that keys of both kinds lie side by
 * side, and now and then somebody writes a key that is not safe for JavaScript.
 */
final class SequenceWorkloads {
    private static final int LARGE = 60;

    private static final List<String> RAW_KEYS = List.of(
            "V",
            "V0",
            "V!",
            "VV",
            "k",
            "k\u0000",
            "k\u0000\u0000",
            "",
            "\u0000",
            "~",
            "~A",
            "A-",
            "é",
            "\ud83e",
            "7656",
            "constructor",
            "V\u0000",
            "zzzzz",
            "!!!");

    private static final List<Json> MALFORMED =
            List.of(Json.NULL, Json.TRUE, Json.of(5), Json.of("hello"), Json.array(), Json.array(Json.object("V", 1)));

    private SequenceWorkloads() {}

    private static boolean isLikeJavaScript(RArray array) {
        return (array.id().hashCode() & 1) == 0;
    }

    private static Json value(Gen random) {
        Json value = Workloads.big(random, random.json());
        return value.isNull() ? Json.of("null") : value;
    }

    /** Inserts as JavaScript would, with one update for each value; false where that would loop for ever. */
    private static boolean insertLikeJavaScript(Gen random, RArray array, int index, List<?> values) {
        int at = Math.min(index, array.size());
        boolean made = false;
        for (Object value : values) {
            String key = JsAllocation.key(random, array.keys(), Math.min(at, array.size()));
            if (key != null) {
                array.set(key, value);
                made = true;
                at++;
            }
        }
        return made;
    }

    private static @Nullable String anyArray(Gen random, RArray array) {
        int size = array.size();
        if (random.oneIn(30)) {
            String key = random.pick(RAW_KEYS);
            Json value = value(random);
            array.set(key, value);
            return "set " + Json.of(key) + " " + value;
        }
        if (size > LARGE && random.percent(60)) {
            int from = random.below(size);
            int removed = array.splice(from, random.between(1, 8)).size();
            return "delete " + removed + " at " + from;
        }
        return null;
    }

    record Arrays() implements Workload<RArray> {
        @Override
        public RArray create(ReplicaOptions options) {
            return new RArray(options);
        }

        @Override
        public String step(Gen random, RArray array) {
            String done = anyArray(random, array);
            return done != null ? done : isLikeJavaScript(array) ? javaScript(random, array) : java(random, array);
        }

        private static String javaScript(Gen random, RArray array) {
            int size = array.size();
            if (size > 0 && random.percent(35)) {
                int index = random.below(size);
                String key = array.keyAt(index);
                Json value = random.percent(60) ? Json.NULL : value(random);
                array.set(key, value);
                return "set " + Json.of(key) + " " + value;
            }
            int index = random.oneIn(3) ? size : random.below(size + 1);
            List<Json> values = new ArrayList<>();
            for (int i = random.lowBetween(1, 4); i > 0; i--) {
                values.add(value(random));
            }
            return insertLikeJavaScript(random, array, index, values) ? "insert at " + index + " " + values : "";
        }

        private static String java(Gen random, RArray array) {
            int size = array.size();
            switch (random.below(10)) {
                case 0, 1 -> {
                    return "push " + array.push(value(random));
                }
                case 2 -> {
                    return "unshift " + array.unshift(value(random));
                }
                case 3 -> {
                    return size == 0 ? "" : "pop " + array.pop();
                }
                case 4 -> {
                    return size == 0 ? "" : "shift " + array.shift();
                }
                case 5 -> {
                    return size == 0 ? "" : "remove " + array.remove(random.below(size));
                }
                case 6 -> {
                    return size == 0 ? "" : "set " + array.set(random.below(size), (Object) value(random));
                }
                case 7 -> {
                    String after = size > 0 && random.percent(50) ? array.keyAt(random.below(size)) : null;
                    String before = after == null && size > 0 ? array.keyAt(random.below(size)) : null;
                    return "insert " + array.insert(after, value(random), before);
                }
                default -> {
                    int index = random.below(size + 1);
                    int deleted = random.lowBetween(0, 5);
                    Object[] values = new Object[random.lowBetween(deleted == 0 || index == size ? 1 : 0, 6)];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = value(random);
                    }
                    array.splice(index, deleted, values);
                    return "splice " + index + " " + deleted + " " + Json.array(values);
                }
            }
        }

        @Override
        public List<Json> malformed() {
            return MALFORMED;
        }

        @Override
        public NaiveReplica naive() {
            return NaiveReplica.array();
        }
    }

    record Strings() implements Workload<RString> {
        @Override
        public RString create(ReplicaOptions options) {
            return new RString(options);
        }

        @Override
        public String step(Gen random, RString text) {
            String done = anyArray(random, text);
            if (done != null) {
                return done;
            }
            String inserted = random.text();
            int at = random.below(text.length() + 1);
            if (isLikeJavaScript(text) && inserted.length() > 0 && random.percent(70)) {
                // A paste: from the last unit to the first, all at one index.
                int index = Math.min(at, text.size());
                boolean made = false;
                for (int i = inserted.length() - 1; i >= 0; i--) {
                    made |= insertLikeJavaScript(random, text, index, List.of(inserted.charAt(i)));
                }
                return made ? "insert " + Json.of(inserted) + " at " + index : "";
            }
            int deleted = random.lowBetween(0, 6);
            switch (random.below(6)) {
                case 0 -> {
                    if (inserted.equals(text.text())) {
                        return "";
                    }
                    text.text(inserted);
                }
                case 1 -> {
                    if (inserted.isEmpty()) {
                        return "";
                    }
                    text.append(inserted);
                }
                default -> {
                    if (inserted.isEmpty() && (deleted == 0 || at == text.length())) {
                        return "";
                    }
                    text.replace(at, deleted, inserted);
                }
            }
            return "write " + Json.of(inserted) + " at " + at + " for " + deleted;
        }

        @Override
        public List<Json> malformed() {
            return MALFORMED;
        }

        @Override
        public NaiveReplica naive() {
            return NaiveReplica.array();
        }
    }

    record Edits() implements Workload<REdit> {
        private static final List<String> LINES =
                List.of("one\n", "two\n", "three\n", "\n", "four\r\n", "é\ud83e\n", "tail");

        @Override
        public REdit create(ReplicaOptions options) {
            return new REdit(options);
        }

        @Override
        public String step(Gen random, REdit edit) {
            String done = anyArray(random, edit);
            if (done != null) {
                return done;
            }
            String before = edit.text();
            if (isLikeJavaScript(edit) && random.percent(60)) {
                int index = random.below(edit.size() + 1);
                List<String> lines = List.of(random.pick(LINES));
                return insertLikeJavaScript(random, edit, index, lines) ? "insert at " + index + " " + lines : "";
            }
            StringBuilder lines = new StringBuilder();
            for (int i = random.lowBetween(0, 5); i > 0; i--) {
                lines.append(random.pick(LINES));
            }
            int at = random.below(before.length() + 1);
            int deleted = Math.min(random.lowBetween(0, 12), before.length() - at);
            String after = before.substring(0, at) + lines + before.substring(at + deleted);
            if (random.percent(50)) {
                if (deleted == 0 && lines.isEmpty()) {
                    return "";
                }
                edit.replace(at, deleted, lines.toString());
            } else {
                var stamp = edit.clock();
                edit.text(after);
                if (edit.clock().equals(stamp)) {
                    return "";
                }
            }
            return "write " + Json.of(lines.toString()) + " at " + at + " for " + deleted;
        }

        @Override
        public List<Json> malformed() {
            return MALFORMED;
        }

        @Override
        public NaiveReplica naive() {
            return NaiveReplica.array();
        }
    }
}
