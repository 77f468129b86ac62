package dev.scuttlebutt.store;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which document is of which type, by its name. Rules are tried in the order in which they were added. Immutable.
 *
 * <pre>{@code
 * Schema schema = Schema.builder()
 *         .prefix("model/", "model", Model::new)
 *         .pattern("log-[0-9]+$", "events", Events::new)
 *         .build();
 * }</pre>
 *
 * @see "persistence, section 5.1"
 */
public final class Schema {
    private final List<Rule> rules;

    private Schema(List<Rule> rules) {
        this.rules = rules;
    }

    /** Starts a schema. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the name of the type of a document, or null when no rule matches. */
    public @Nullable String type(String name) {
        Rule rule = rule(name);
        return rule == null ? null : rule.type;
    }

    @Nullable
    Rule rule(String name) {
        for (Rule rule : rules) {
            if (rule.matches.test(name)) {
                return rule;
            }
        }
        return null;
    }

    /** @param text what the caller wrote, for messages */
    record Rule(
            String text, String type, Predicate<String> matches, Function<ReplicaOptions, ? extends Replica> maker) {}

    /** Collects rules. */
    public static final class Builder {
        private final List<Rule> rules = new ArrayList<>();

        private Builder() {}

        /**
         * Adds a rule for names that begin with this; the empty prefix is a rule for all.
         *
         * @param type names the type; kept with each document, and compared when it is opened again
         * @param maker makes an empty replica, for example {@code Model::new}. What it put in would win over what is
         *     stored, so opening fails when it does.
         */
        public Builder prefix(String prefix, String type, Function<ReplicaOptions, ? extends Replica> maker) {
            rules.add(new Rule(prefix, type, name -> name.startsWith(prefix), maker));
            return this;
        }

        /**
         * Adds a rule for names that match from their beginning, but not necessarily to their end.
         *
         * @param regex a regular expression; one that backtracks much lets a hostile name cost much
         * @param type as for {@link #prefix}
         * @param maker as for {@link #prefix}
         * @throws IllegalArgumentException if the expression is malformed
         */
        public Builder pattern(String regex, String type, Function<ReplicaOptions, ? extends Replica> maker) {
            Pattern pattern = Pattern.compile(regex);
            rules.add(new Rule(
                    "/" + regex + "/", type, name -> pattern.matcher(name).lookingAt(), maker));
            return this;
        }

        /** Returns the schema. */
        public Schema build() {
            return new Schema(List.copyOf(rules));
        }
    }
}
