package dev.scuttlebutt.bench.hub;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What the generator says to a server, and how it knows an update in what comes back. */
enum Dialect {
    /** Lines of JSON. */
    SCUTTLEBUTT("/replicate/events/") {
        @Override
        byte[] greeting(String id) {
            return ("{\"id\":\"" + id + "\",\"clock\":{}}\n").getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        byte[] update(int number, String content) {
            return ("[[\"tick\",\"" + content + "\"]," + (number + 1) + ",\"writer\"]\n")
                    .getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        boolean isUpdate(ByteBuffer frame, int at, int length) {
            return length > 2 && frame.get(at) == '[' && frame.get(at + 1) == '[';
        }
    },
    /** Updates of Yjs: one item pushed to an array. */
    YJS("/") {
        private static final int CLIENT = 4711;
        private static final int WITH_LEFT_NEIGHBOUR = 0x80;
        private static final int ANY = 8;
        private static final int STRING = 119;

        @Override
        byte[] greeting(String id) {
            // The server speaks first; an empty update says nothing.
            return new byte[] {0, 2, 2, 0, 0};
        }

        @Override
        byte[] update(int number, String content) {
            ByteArrayOutputStream update = new ByteArrayOutputStream();
            unsigned(update, 1);
            unsigned(update, 1);
            unsigned(update, CLIENT);
            unsigned(update, number);
            if (number == 0) {
                update.write(ANY);
                update.write(1);
                text(update, "ticks");
            } else {
                update.write(ANY | WITH_LEFT_NEIGHBOUR);
                unsigned(update, CLIENT);
                unsigned(update, number - 1);
            }
            unsigned(update, 1);
            update.write(STRING);
            text(update, content);
            unsigned(update, 0);
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            message.write(0);
            message.write(2);
            unsigned(message, update.size());
            message.writeBytes(update.toByteArray());
            return message.toByteArray();
        }

        private void unsigned(ByteArrayOutputStream out, int value) {
            int left = value;
            while (left > 0x7F) {
                out.write(0x80 | left & 0x7F);
                left >>>= 7;
            }
            out.write(left);
        }

        private void text(ByteArrayOutputStream out, String text) {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            unsigned(out, bytes.length);
            out.writeBytes(bytes);
        }

        @Override
        boolean isUpdate(ByteBuffer frame, int at, int length) {
            return length > 2 && frame.get(at) == 0 && frame.get(at + 1) == 2;
        }
    };

    /** Stands before the time at which an update was sent, and after it. */
    static final char MARK = '~';

    private final String path;

    Dialect(String path) {
        this.path = path;
    }

    String path(String document) {
        return path + document;
    }

    abstract byte[] greeting(String id);

    /** @param number counts the updates of a document from 0 */
    abstract byte[] update(int number, String content);

    abstract boolean isUpdate(ByteBuffer frame, int at, int length);
}
