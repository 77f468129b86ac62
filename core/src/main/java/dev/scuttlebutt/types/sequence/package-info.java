/** The order-statistic tree behind {@code RArray} and its kin. Not exported. */
@NullMarked
package dev.scuttlebutt.types.sequence;

import org.jspecify.annotations.NullMarked;
