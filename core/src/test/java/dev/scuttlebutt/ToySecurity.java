package dev.scuttlebutt;

import dev.scuttlebutt.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Signatures that anybody could make, but that show who was asked to sign and to verify what. */
final class ToySecurity implements Security {
    final List<String> signed = new ArrayList<>();
    final List<Update> verified = new ArrayList<>();
    private final String id;
    private final String document;

    ToySecurity(String id) {
        this(id, "");
    }

    ToySecurity(String id, String document) {
        this.id = id;
        this.document = document;
    }

    @Override
    public String createId() {
        return id;
    }

    @Override
    public String sign(byte[] text) {
        signed.add(new String(text, StandardCharsets.UTF_8));
        return seal(id, text);
    }

    @Override
    public Verdict verify(Update update) {
        verified.add(update);
        byte[] text = Update.signedText(JsonWriter.encode(update.change()), update.timestamp(), update.source());
        return seal(update.source(), text).equals(update.signature()) ? Verdict.valid() : Verdict.invalid("no seal");
    }

    private String seal(String signer, byte[] text) {
        return signer + "/" + document + "/" + new String(text, StandardCharsets.UTF_8).hashCode();
    }
}
