/**
 * Many documents for many peers. Start with {@link dev.scuttlebutt.hub.Hub} and {@link dev.scuttlebutt.hub.HubOptions}.
 */
@NullMarked
package dev.scuttlebutt.hub;

import org.jspecify.annotations.NullMarked;
