package dev.scuttlebutt.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is measured. To add one, write the class, name it in {@link Scenarios}, and put the same load for the
 * original beside the others in the resources.
 *
 * <p>Both sides are given the same {@link Work}. They say what they found as a {@link Measurement}.
 */
public interface Scenario {

    /** Returns the word by which it is chosen on the command line. */
    String name();

    /** Returns what is measured, for the table. */
    String title();

    /** Returns what the values count. */
    Unit unit();

    /** Returns what is aimed at; by default null, nothing. */
    default @Nullable Goal goal() {
        return null;
    }

    /** Returns the script that puts the same load on the original, a resource; or null when it has no counterpart. */
    @Nullable
    String original();

    /**
     * Returns what people call that with which this is compared: the npm package of the family, or whatever else
     * {@link #original} loads. For a {@linkplain #rivalTo rival}, the name of the rival.
     */
    default String beside() {
        return "npm";
    }

    /**
     * Returns the scenario in which this implementation does what {@link #measure} lets another library do, so that both
     * stand in one row; or null when this measures this implementation.
     */
    default @Nullable String rivalTo() {
        return null;
    }

    /**
     * Returns how often this is measured, at least once. Fewer times than usual where each time finds the same, as where bytes
     * are counted and not time, or where one takes long.
     *
     * @param usual how often others are
     */
    default int repetitions(int usual) {
        return usual;
    }

    /** Returns the recorded inputs that both sides read, resources. By default none. */
    default List<String> traces() {
        return List.of();
    }

    /** Returns why this cannot be measured here, for example because a library is not there; or null. */
    default @Nullable String missing() {
        return null;
    }

    /** Returns how much is to be done. */
    Work work(Work base);

    /** Measures, in a JVM that has measured nothing before. */
    Measurement measure(Work work) throws Exception;

    /**
     * Tells whether the original is a server, on which this side puts the load too: then {@link #measureOriginal} measures it,
     * and {@link #original} is the script of the server.
     */
    default boolean loadsOriginal() {
        return false;
    }

    /** Measures the original, with the same load as {@link #measure}, where {@link #loadsOriginal} says so. */
    default Measurement measureOriginal(Work work) throws Exception {
        throw new UnsupportedOperationException(name() + " measures itself");
    }

    /**
     * Plays the other end, in a process of its own, for those who {@linkplain PeerProcess#start start} one. It talks with
     * the measuring process over its standard streams and ends when they do.
     */
    default void peer(Work work, Conversation measuring) throws Exception {
        throw new UnsupportedOperationException(name() + " has no peer");
    }
}
