package dev.scuttlebutt.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a WebSocket is made of, for those who speak it by hand. */
final class Frames {
    static final int TEXT = 0x81;
    static final int CLOSE = 0x88;
    static final int PING = 0x89;

    private Frames() {}

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A request for a WebSocket at this path. */
    static byte[] upgrade(int port, String path) {
        return ascii("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    }

    /** A frame with a mask of zeros. */
    static byte[] frame(int first, byte[] content) {
        ByteBuffer frame = ByteBuffer.allocate(content.length + 14).put((byte) first);
        if (content.length < 126) {
            frame.put((byte) (0x80 | content.length));
        } else if (content.length < 1 << 16) {
            frame.put((byte) 0xFE).putShort((short) content.length);
        } else {
            frame.put((byte) 0xFF).putLong(content.length);
        }
        frame.putInt(0).put(content);
        byte[] bytes = new byte[frame.position()];
        frame.flip().get(bytes);
        return bytes;
    }

    static byte[] frame(int first, String content) {
        return frame(first, ascii(content));
    }

    /** Reads the head of an answer. */
    static byte[] head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.write(next);
        }
        return head.toByteArray();
    }
}
