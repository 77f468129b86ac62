package dev.scuttlebutt.security;

import static dev.scuttlebutt.Vectors.text;

import dev.scuttlebutt.Vectors;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;

/** The key pairs of the recordings. For tests only: everybody has them. */
record TestKeys(String id, String privatePem, String publicPem) {
    static final TestKeys TEST1 = of("test1");
    static final TestKeys TEST2 = of("test2");
    static final TestKeys RSA2048 = of("rsa2048");

    static TestKeys of(String name) {
        JsonObject keys = Vectors.member(all(), name).asObject();
        return new TestKeys(text(keys, "id"), text(keys, "privatePem"), text(keys, "publicPem"));
    }

    private static JsonObject all() {
        Json keys = Vectors.json("signing-keys.json");
        return keys.asObject();
    }

    static KeyRing ring(TestKeys... keys) {
        KeyRing ring = KeyRing.compatibleWithOldKeys();
        for (TestKeys each : keys) {
            ring.add(each.publicPem);
        }
        return ring;
    }

    /** Signs with these keys and knows those. */
    RsaSecurity knowing(TestKeys... keys) {
        return RsaSecurity.of(privatePem, publicPem, ring(keys));
    }
}
