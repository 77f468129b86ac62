package dev.scuttlebutt.journal;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.json.JsonWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Lines that could not be used, until they are put into a file beside the journal where a person can look at them. */
final class Quarantine {
    private final Path journal;
    private final List<JsonObject> lines = new ArrayList<>();

    Quarantine(Path journal) {
        this.journal = journal;
    }

    static Path file(Path journal) {
        return journal.resolveSibling(journal.getFileName() + ".bad");
    }

    void add(BadLine bad, byte[] bytes) {
        JsonObject.Builder line = JsonObject.builder();
        line.put("file", Json.of(journal.toString()));
        line.put("line", Json.of((double) bad.line()));
        line.put("offset", Json.of((double) bad.offset()));
        line.put("reason", Json.of(bad.reason()));
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            line.put("text", Json.of(text));
        } catch (CharacterCodingException noText) {
            line.put("base64", Json.of(Base64.getEncoder().encodeToString(bytes)));
        }
        lines.add(line.build());
    }

    /** Puts them on the disk. They are there when it returns. */
    void save(Disk disk) throws IOException {
        if (lines.isEmpty()) {
            return;
        }
        Path file = file(journal);
        JsonWriter out = new JsonWriter(1024);
        for (JsonObject line : lines) {
            out.write(line);
            out.writeByte('\n');
        }
        try (Disk.Handle handle = disk.openLike(journal, file)) {
            Disk.writeFully(handle, ByteBuffer.wrap(out.toBytes()), handle.size());
            handle.force();
        }
        disk.forceDirectory(Disk.directory(file));
        lines.clear();
    }
}
