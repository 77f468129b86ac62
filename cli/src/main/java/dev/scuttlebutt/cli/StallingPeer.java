package dev.scuttlebutt.cli;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.link.BlockingLink;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.Semaphore;

/** A replica linked over a socket that it can leave unread. */
final class StallingPeer implements AutoCloseable {
    private final Semaphore mayRead = new Semaphore(1);
    private final BlockingLink link;

    /** Connects. */
    StallingPeer(Replica replica, InetSocketAddress address, int receiveBufferBytes) throws IOException {
        Socket socket = new StallingSocket();
        socket.setReceiveBufferSize(receiveBufferBytes);
        socket.connect(address);
        link = BlockingLink.over(replica.open(), socket);
        Thread reader = new Thread(link, "stalling-peer");
        reader.setDaemon(true);
        reader.start();
    }

    /** Stops reading, once what is being read has come. */
    void stall() {
        mayRead.acquireUninterruptibly();
    }

    /** Reads on. */
    void resume() {
        mayRead.release();
    }

    @Override
    public void close() {
        link.close();
    }

    private final class StallingSocket extends Socket {
        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    mayRead.acquireUninterruptibly();
                    mayRead.release();
                    return super.read(bytes, offset, length);
                }
            };
        }
    }
}
