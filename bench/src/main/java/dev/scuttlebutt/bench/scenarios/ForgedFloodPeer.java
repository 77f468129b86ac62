package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.bench.Conversation;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.security.KeyRing;
import dev.scuttlebutt.security.Pem;
import dev.scuttlebutt.security.RsaSecurity;
import dev.scuttlebutt.types.Model;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/** Both peers of {@link ForgedFlood}: the honest one and the forger, with everything ready to be written. */
final class ForgedFloodPeer {
    static final String VICTIM = "victim";

    private static final int RSA_BITS = 2048;

    private final String publicKey;
    private final byte[] honest;
    private final byte[] forged;
    private final List<Socket> open = new ArrayList<>();

    ForgedFloodPeer(Work work) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(RSA_BITS);
        KeyPair keys = generator.generateKeyPair();
        publicKey = Pem.text(keys.getPublic());
        honest = honest(RsaSecurity.of(keys.getPrivate(), publicKey, KeyRing.create()), work.count("updates"));
        forged = forged(work.count("forged"));
    }

    private static byte[] honest(RsaSecurity security, int count) {
        Model model = new Model(ReplicaOptions.defaults().security(security));
        ByteArrayOutputStream lines = start("honest");
        for (int i = 0; i < count; i++) {
            model.set("key" + i, i);
        }
        for (Update update : model.history()) {
            ByteBuffer line = update.bytes();
            byte[] bytes = new byte[line.remaining()];
            line.get(bytes);
            lines.writeBytes(bytes);
        }
        return lines.toByteArray();
    }

    private static byte[] forged(int count) {
        Random random = new Random(1);
        byte[] signature = new byte[RSA_BITS / Byte.SIZE];
        ByteArrayOutputStream lines = start("forger");
        for (int i = 0; i < count; i++) {
            random.nextBytes(signature);
            // Less than any modulus: otherwise the length alone would give it away.
            signature[0] &= 0x3F;
            String line = "[[\"key" + i + "\"," + i + "]," + (1_800_000_000_000L + i) + ",\"" + VICTIM + "\",\""
                    + Base64.getEncoder().encodeToString(signature) + "\"]\n";
            lines.writeBytes(line.getBytes(StandardCharsets.US_ASCII));
        }
        return lines.toByteArray();
    }

    private static ByteArrayOutputStream start(String id) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        lines.writeBytes((Json.object("id", id, "clock", Json.object()) + "\n").getBytes(StandardCharsets.US_ASCII));
        return lines;
    }

    void run(Conversation measuring) throws IOException {
        Json order;
        while ((order = measuring.hear()) != null) {
            JsonObject fields = order.asObject();
            if (fields.has("key")) {
                measuring.say(Json.of(publicKey));
                continue;
            }
            if (fields.has("close")) {
                close();
            } else {
                boolean honestly = fields.has("honest");
                Json port = fields.get(honestly ? "honest" : "forged");
                if (port != null) {
                    send((int) port.asDouble(), honestly ? honest : forged);
                }
            }
            measuring.say(Json.TRUE);
        }
    }

    private void send(int port, byte[] lines) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        open.add(socket);
        inBackground(() -> socket.getOutputStream().write(lines));
        inBackground(() -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
    }

    private void close() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        open.clear();
    }

    private interface Transfer {
        void run() throws IOException;
    }

    private static void inBackground(Transfer transfer) {
        Thread thread = new Thread(() -> {
            try {
                transfer.run();
            } catch (IOException closed) {
                // The round is over.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
