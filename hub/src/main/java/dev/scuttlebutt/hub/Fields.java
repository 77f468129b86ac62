package dev.scuttlebutt.hub;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Fields of files that people write. */
final class Fields {
    static final int MAX_FILE_BYTES = 16 << 20;

    private Fields() {}

    /**
     * Reads a file that is an object without other fields.
     *
     * @throws IOException if it cannot be read, is too long or no text, with its name
     * @throws IllegalArgumentException if it is something else; the message does not name it
     */
    static JsonObject ofFile(Path file, List<String> names) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException(file + ": has more than " + MAX_FILE_BYTES + " bytes");
        }
        try {
            return known(Json.parse(Files.readString(file)).asObject(), "the file", names);
        } catch (CharacterCodingException noText) {
            throw new IOException(file + ": is no text in UTF-8", noText);
        }
    }

    /**
     * Returns the object if it has no other fields. A slip of the finger would otherwise count as a field left out, and what is
     * left out gives or shares something else than was meant.
     *
     * @throws IllegalArgumentException naming the field that is not known
     */
    static JsonObject known(JsonObject object, String place, List<String> names) {
        for (String name : object.keys()) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException(
                        place + " has the field \"" + name + "\"; known are " + String.join(", ", names));
            }
        }
        return object;
    }
}
