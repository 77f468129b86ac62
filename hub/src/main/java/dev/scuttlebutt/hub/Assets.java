package dev.scuttlebutt.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** The files of the page and of the browser client, kept in memory as they are and compressed. */
final class Assets {
    private static final Map<String, String> MEDIA_TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "ts", "text/plain; charset=utf-8",
            "svg", "image/svg+xml");

    private final Map<String, Asset> byPath = new HashMap<>();

    /** One file. */
    record Asset(String mediaType, String tag, byte[] plain, byte[] gzipped) {}

    /** Reads them all: their names stand in a list beside them. */
    Assets() {
        String list = new String(read("web/files.txt"), StandardCharsets.UTF_8);
        for (String name : list.lines().toList()) {
            byte[] bytes = read("web/" + name);
            String type = MEDIA_TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "text/plain");
            String tag = '"'
                    + Tokens.digest(new String(bytes, StandardCharsets.ISO_8859_1))
                            .substring(0, 20)
                    + '"';
            byPath.put("/" + name, new Asset(type, tag, bytes, gzip(bytes)));
        }
        Asset page = byPath.get("/page/index.html");
        if (page != null) {
            byPath.put("/", page);
        }
    }

    private static byte[] read(String name) {
        try (InputStream in = Assets.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + name);
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
        return out.toByteArray();
    }

    @Nullable
    Asset find(String path) {
        return byPath.get(path);
    }
}
