/**
 * Links over TCP and WebSocket, on the event loops of Netty.
 *
 * <p>{@link dev.scuttlebutt.netty.TcpServer} and {@link dev.scuttlebutt.netty.TcpClient} are all that most programs need;
 * {@link dev.scuttlebutt.netty.WebSocketClient} goes to a hub; {@link dev.scuttlebutt.netty.SessionHandler} is for those with pipelines of their own.
 */
@NullMarked
package dev.scuttlebutt.netty;

import org.jspecify.annotations.NullMarked;
