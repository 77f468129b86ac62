package dev.scuttlebutt.types.crdt;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.util.function.Predicate;

/** Which rows belong to a set. */
sealed interface Matching {

    Members members(RowOrder order, Members.Observer observer);

    /** For people. */
    String description();

    /** The rows in which a field has a value. */
    record ByValue(String field, Json value) implements Matching {
        @Override
        public Members members(RowOrder order, Members.Observer observer) {
            return Members.having(field, value, order, observer);
        }

        @Override
        public String description() {
            return field + "=" + value;
        }
    }

    /** The rows whose state keeps a rule. */
    record ByRule(Predicate<? super JsonObject> rule) implements Matching {
        @Override
        public Members members(RowOrder order, Members.Observer observer) {
            return Members.keeping(rule, order, observer);
        }

        @Override
        public String description() {
            return "by rule";
        }
    }
}
