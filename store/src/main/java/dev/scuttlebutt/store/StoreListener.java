package dev.scuttlebutt.store;

import java.io.IOException;

/**
 * Hears of what happens to a store. All methods do nothing by default.
 *
 * <p>They are called on threads of the store and must be quick. One that throws is logged and disturbs nobody.
 */
public interface StoreListener {

    /**
     * The storage refused something. Nothing that was acknowledged is lost; what is not is tried again until it succeeds,
     * and the documents concerned stay in memory until then. Told once until {@link #recovered}, or when the reason
     * changes.
     */
    default void failed(IOException failure) {}

    /** What had failed has succeeded. */
    default void recovered() {}

    /** Something stored could not be used and is set aside; see {@link Store#badRows}. */
    default void setAside(Storage.BadRow row) {}
}
