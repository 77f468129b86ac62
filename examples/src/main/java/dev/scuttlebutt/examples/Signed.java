package dev.scuttlebutt.examples;

import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.security.DocumentSecurity;
import dev.scuttlebutt.security.KeyRing;
import dev.scuttlebutt.types.Model;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;

/** Updates that are signed: whoever they came through, the reader knows who made them, and takes only those it trusts. */
public final class Signed {
    private Signed() {}

    /** Runs the example. */
    public static void main(String[] arguments) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        KeyPair author = generator.generateKeyPair();
        KeyPair stranger = generator.generateKeyPair();

        Model written = model(DocumentSecurity.of("prices", author.getPrivate(), author.getPublic(), KeyRing.create()));
        Model forged =
                model(DocumentSecurity.of("prices", stranger.getPrivate(), stranger.getPublic(), KeyRing.create()));
        written.set("bread", 3);
        forged.set("milk", 300);

        Model relay = new Model("relay"); // knows no keys and passes everything on
        KeyRing trusted = KeyRing.create();
        trusted.add(pem(author));
        Model reader = model(DocumentSecurity.verifying("prices", trusted));
        reader.on(ReplicaEvent.Unverified.class, refused -> System.out.println("refused: " + refused.reason()));
        Pipe.connect(written, relay);
        Pipe.connect(forged, relay);
        Pipe.connect(relay, reader);

        System.out.println("the reader believes " + reader.toJson());
    }

    private static Model model(DocumentSecurity security) {
        return new Model(ReplicaOptions.defaults().security(security));
    }

    private static String pem(KeyPair pair) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }
}
