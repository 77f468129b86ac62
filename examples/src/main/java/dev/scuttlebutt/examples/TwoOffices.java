package dev.scuttlebutt.examples;

import dev.scuttlebutt.link.BlockingLink;
import dev.scuttlebutt.store.Handle;
import dev.scuttlebutt.store.MemoryStorage;
import dev.scuttlebutt.store.NameRange;
import dev.scuttlebutt.store.Replication;
import dev.scuttlebutt.store.Schema;
import dev.scuttlebutt.store.Store;
import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** All documents of two stores over one connection: only what differs travels. */
public final class TwoOffices {
    private static final Schema SCHEMA =
            Schema.builder().prefix("note/", "model", Model::new).build();

    private TwoOffices() {}

    /** Runs the example. */
    public static void main(String[] arguments) throws IOException {
        try (Store berlin = Store.open(new MemoryStorage(), SCHEMA);
                Store nairobi = Store.open(new MemoryStorage(), SCHEMA);
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            note(berlin, "note/garden", "peas", "sown");
            note(nairobi, "note/garden", "beans", "ripe");
            note(nairobi, "note/roof", "tank", "full");
            nairobi.delete("note/old").join();

            Replication caller = Replication.of(berlin);
            Replication callee = Replication.of(nairobi);
            carry(caller, new Socket(server.getInetAddress(), server.getLocalPort()));
            carry(callee, server.accept());

            Replication.Report report = caller.synced().join();
            System.out.println("exchanged " + report.exchanged() + ", deleted " + report.deleted());
            berlin.list(NameRange.all()).forEach(document -> System.out.println("Berlin has " + document.name()));
            try (Handle<Model> garden = nairobi.open("note/garden", Model.class).join()) {
                System.out.println(
                        "Nairobi's garden: peas are " + garden.replica().get("peas"));
            }
        }
    }

    private static void note(Store store, String name, String key, String value) {
        try (Handle<Model> note = store.open(name, Model.class).join()) {
            note.replica().set(key, value);
        }
    }

    private static void carry(Replication side, Socket socket) throws IOException {
        Thread thread = new Thread(BlockingLink.over(side, socket), "link");
        thread.setDaemon(true);
        thread.start();
    }
}
