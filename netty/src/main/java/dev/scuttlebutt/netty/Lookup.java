package dev.scuttlebutt.netty;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Looks host names up, on a thread of its own because the system's resolver blocks. */
final class Lookup {
    private Lookup() {}

    /** Fails with {@link UnknownHostException}. */
    static CompletableFuture<List<InetAddress>> of(String host) {
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(host);
        if (literal != null) {
            return CompletableFuture.completedFuture(List.of(literal));
        }
        CompletableFuture<List<InetAddress>> found = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        found.complete(List.of(InetAddress.getAllByName(host)));
                    } catch (UnknownHostException | RuntimeException failure) {
                        found.completeExceptionally(failure);
                    }
                },
                "scuttlebutt-lookup");
        thread.setDaemon(true);
        thread.start();
        return found;
    }
}
