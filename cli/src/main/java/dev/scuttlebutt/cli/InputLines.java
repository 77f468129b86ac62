package dev.scuttlebutt.cli;

import dev.scuttlebutt.cli.command.CommandException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Lines of UTF-8, each of bounded length. */
final class InputLines {
    private final InputStream in;
    private final int maxBytes;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int end;
    private long number;

    /**
     * Reads from a stream.
     *
     * @param maxBytes longest line, without its line feed
     */
    InputLines(InputStream in, int maxBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
    }

    /**
     * Returns the next line, or null at the end. A last line without a line feed counts.
     *
     * @throws CommandException if it is too long or no UTF-8; the lines behind it can still be read
     */
    @Nullable
    String next() throws IOException, CommandException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean any = false;
        boolean tooLong = false;
        boolean ended = false;
        while (!ended && fill()) {
            any = true;
            int from = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            tooLong |= line.size() + (at - from) > maxBytes;
            if (!tooLong) {
                line.write(buffer, from, at - from);
            }
            ended = at < end;
            at += ended ? 1 : 0;
        }
        if (!any) {
            return null;
        }
        number++;
        if (tooLong) {
            throw new CommandException("line " + number + " is longer than " + maxBytes + " bytes");
        }
        return decode(line.toByteArray());
    }

    private boolean fill() throws IOException {
        if (at < end) {
            return true;
        }
        at = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }

    private String decode(byte[] line) throws CommandException {
        ByteBuffer bytes = ByteBuffer.wrap(line);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException malformed) {
            throw new CommandException("line " + number + " is not UTF-8 from byte " + (bytes.position() + 1) + " on");
        }
    }
}
