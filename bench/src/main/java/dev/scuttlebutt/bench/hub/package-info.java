/** Loads on a hub, on one made of the originals and on the server of y-websocket, all from one generator. */
@NullMarked
package dev.scuttlebutt.bench.hub;

import org.jspecify.annotations.NullMarked;
