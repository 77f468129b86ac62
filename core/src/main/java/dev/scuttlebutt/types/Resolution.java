package dev.scuttlebutt.types;

/**
 * How a type decides what concurrent changes come to, where the JavaScript original decides by order of arrival. All
 * replicas of the same data should be set alike.
 *
 * @see "data-types, section 1.9"
 */
public enum Resolution {
    /**
     * The result does not depend on the order in which updates arrive: Java replicas always agree. A JavaScript peer agrees
     * whenever updates reach it in the order of their timestamps. The default.
     */
    CONVERGENT,

    /**
     * As the JavaScript original, its faults included. Shows what a JavaScript peer holds that was told the same in the same
     * order; not meant for keeping data.
     */
    COMPATIBLE
}
