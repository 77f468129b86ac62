package dev.scuttlebutt.journal;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A directory in which the npm package {@code kv} keeps named streams, to take documents over. It is only read.
 *
 * <p>A document is a file with the lines of a read stream: {@link #load} hands it to a replica, or
 * {@code FileJournal.open(directory.file(name), replica)} goes on with it where it stands.
 *
 * @see "persistence, section 2"
 */
public final class KvDirectory {
    private static final String LIST = "__list";
    private static final String UNESCAPED = "-_.!~*'()";
    private static final int MAX_NAME_BYTES = 255;
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final Path directory;

    private KvDirectory(Path directory) {
        this.directory = directory;
    }

    /** Returns the directory that was given to {@code kv(path)}. It need not be there. */
    public static KvDirectory at(Path directory) {
        return new KvDirectory(directory);
    }

    /** Tells whether documents have been kept here. */
    public boolean exists() {
        return Files.isRegularFile(file(LIST));
    }

    /**
     * Returns where the document of this name is or would be.
     *
     * @throws IllegalArgumentException if no file can have the name: it is empty, {@code .} or {@code ..}, longer than 255
     *     bytes when encoded, or has an unpaired surrogate
     */
    public Path file(String name) {
        String encoded = encode(name);
        if (encoded.isEmpty() || encoded.equals(".") || encoded.equals("..") || encoded.length() > MAX_NAME_BYTES) {
            throw new IllegalArgumentException("no file can have the name of the document " + Json.of(name));
        }
        return directory.resolve(folder(encoded)).resolve(encoded);
    }

    /**
     * Returns the names of the documents that are there and have not been deleted, in the order in which they were first
     * written. Lines of the list that make no sense are passed over.
     *
     * @throws IOException if there is no list
     */
    public List<String> names() throws IOException {
        Set<String> names = new LinkedHashSet<>();
        String list = new String(Files.readAllBytes(file(LIST)), StandardCharsets.UTF_8);
        for (String line : list.split("\n")) {
            if (line.startsWith("[")) {
                note(line, names);
            }
        }
        List<String> present = new ArrayList<>();
        for (String name : names) {
            if (Files.isRegularFile(file(name))) {
                present.add(name);
            }
        }
        return present;
    }

    private void note(String line, Set<String> names) {
        Json entry;
        try {
            entry = Json.parse(line);
            if (entry instanceof JsonArray array
                    && array.size() >= 2
                    && array.get(0) instanceof JsonString action
                    && array.get(1) instanceof JsonString name) {
                file(name.value());
                if (action.value().equals("put")) {
                    names.add(name.value());
                } else {
                    names.remove(name.value());
                }
            }
        } catch (IllegalArgumentException tornOrImpossible) {
            // A line that was cut off, or a name that the original could not write either.
        }
    }

    /**
     * Hands a document to a replica. See {@link FileJournal#load}.
     *
     * @throws IOException if it is not there or cannot be read
     */
    public LoadReport load(String name, Replica replica) throws IOException {
        return FileJournal.load(file(name), replica);
    }

    private static String folder(String encoded) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest(encoded.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().toHexDigits(hash[0]);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** As {@code encodeURIComponent}. */
    private static String encode(String name) {
        StringBuilder encoded = new StringBuilder(name.length() + 16);
        int i = 0;
        while (i < name.length()) {
            int character = name.codePointAt(i);
            i += Character.charCount(character);
            if (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE) {
                throw new IllegalArgumentException("a name with an unpaired surrogate cannot be written");
            }
            if (isUnescaped(character)) {
                encoded.append((char) character);
            } else {
                for (byte unit : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
                    encoded.append('%').append(HEX.toHexDigits(unit));
                }
            }
        }
        return encoded.toString();
    }

    private static boolean isUnescaped(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || UNESCAPED.indexOf(character) >= 0;
    }
}
