package dev.scuttlebutt.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.Handshake;
import dev.scuttlebutt.Message;
import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.Sync;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLinesTest {
    private final List<Message> out = new ArrayList<>();
    private JsonLines.Decoder decoder = new JsonLines.Decoder(Limits.defaults());

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void decode(String text) throws ProtocolException {
        decoder.decode(ByteBuffer.wrap(utf8(text)), out);
    }

    private ProtocolException refused(String text) {
        ProtocolException refused = catchThrowableOfType(ProtocolException.class, () -> decode(text));
        assertThat(refused).as(text).isNotNull();
        return refused;
    }

    private static String text(ByteBuffer line) {
        return StandardCharsets.UTF_8.decode(line).toString();
    }

    @Test
    void encode_isTheLineOfTheOriginal() {
        assertThat(text(JsonLines.encode(Sync.SYNC))).isEqualTo("\"SYNC\"\n");
        assertThat(text(JsonLines.encode(Handshake.of("A", Clock.of(Map.of("B", 1.5)), Json.of("m")))))
                .isEqualTo("{\"id\":\"A\",\"clock\":{\"B\":1.5},\"meta\":\"m\"}\n");
        assertThat(text(JsonLines.encode(Update.of(List.of("k", 1), 5, "A")))).isEqualTo("[[\"k\",1],5,\"A\"]\n");
    }

    @Test
    void decode_readsWhatEncodeWrote() throws ProtocolException {
        List<Message> messages = List.of(
                Handshake.of("é😀", Clock.of(Map.of("B", 1.5)), null),
                Update.of(List.of("k", "\u2028\n"), 5, "A"),
                Sync.SYNC);
        for (Message message : messages) {
            decoder.decode(JsonLines.encode(message), out);
        }

        assertThat(out).isEqualTo(messages);
    }

    @Test
    void decode_leavesOutWhatTheOriginalIgnores() throws ProtocolException {
        decode(
                "null\n5\n-0\ntrue\nfalse\n\"HELLO\"\n\"sync\"\n\"\"\n[]\n[1,\"5\",\"x\"]\n[1,5,7]\n[1,5,\"__proto__\"]\n"
                        + "[\"SYNC\"]\n\"\\u0053YNC\"\n");

        assertThat(out).containsExactly(Sync.SYNC);
    }

    @Test
    void decode_consumesTheBuffer_andRespectsItsBounds() throws ProtocolException {
        for (boolean direct : new boolean[] {false, true}) {
            out.clear();
            byte[] bytes = utf8("xx\"SYNC\"\nyy");
            ByteBuffer in = direct ? ByteBuffer.allocateDirect(bytes.length) : ByteBuffer.allocate(bytes.length + 1);
            in = in.put(bytes).flip().position(2).limit(9).slice();
            decoder.decode(in, out);

            assertThat(out).containsExactly(Sync.SYNC);
            assertThat(in.hasRemaining()).isFalse();
        }
    }

    @Test
    void decode_ofAReadOnlyBuffer_works() throws ProtocolException {
        decoder.decode(ByteBuffer.wrap(utf8("\"SYNC\"\n")).asReadOnlyBuffer(), out);

        assertThat(out).containsExactly(Sync.SYNC);
    }

    @Test
    void anyCut_givesTheSameMessages() throws ProtocolException {
        byte[] bytes =
                utf8("{\"id\":\"é\",\"clock\":{\"A\":1}}\r\n [[\"k\",\"é€😀\"] ,5, \"A\"]\n\"SYNC\"\n[1,6,\"A\"]");
        decoder.decode(ByteBuffer.wrap(bytes), out);
        decoder.end(out);
        assertThat(out).hasSize(4);
        for (int first = 0; first <= bytes.length; first++) {
            for (int second = first; second <= bytes.length; second += 7) {
                JsonLines.Decoder other = new JsonLines.Decoder(Limits.defaults());
                List<Message> cut = new ArrayList<>();
                other.decode(ByteBuffer.wrap(bytes, 0, first), cut);
                other.decode(ByteBuffer.wrap(bytes, first, second - first), cut);
                other.decode(ByteBuffer.wrap(bytes, second, bytes.length - second), cut);
                other.end(cut);
                assertThat(cut).isEqualTo(out);
            }
        }
    }

    @Test
    void end_takesALastLineWithoutLineFeed() throws ProtocolException {
        decode("\"SYNC\"");
        assertThat(out).isEmpty();
        decoder.end(out);
        assertThat(out).containsExactly(Sync.SYNC);
        decoder.end(out);
        assertThat(out).hasSize(1);
    }

    @Test
    void end_inTheMiddleOfALine_isAnError() throws ProtocolException {
        decode("\"SYNC\"\n[[\"k\"");
        ProtocolException refused = catchThrowableOfType(ProtocolException.class, () -> decoder.end(out));

        assertThat(refused.line()).isEqualTo(2);
        assertThat(out).containsExactly(Sync.SYNC);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n",
                "   \n",
                "\r\n",
                "5\r6\r\n",
                "{oops\n",
                "\u0000\n",
                "\ufeff{\"clock\":{}}\n",
                "\u00855\n",
                "\u000b5\n",
                "\u00a05\n",
                "{\"clock\":{}} \"SYNC\"\n",
                "[1,5,\"x\"] []\n",
                "\"SYNC\" 5\n",
                "5 5\n",
                "'SYNC'\n",
                "01\n",
                "nul\n",
                "[1,5,\"x\",]\n",
                "{}\n",
                "{\"clock\":null}\n",
                "{\"clock\":0}\n",
                "{\"clock\":[]}\n",
                "{\"clock\":\"abc\"}\n"
            })
    void decode_ofWhatIsNoMessage_isAnErrorOfThatLine(String text) {
        ProtocolException refused = refused("\"SYNC\"\n" + text);

        assertThat(refused.line()).isEqualTo(2);
        assertThat(refused.getMessage()).contains("line 2");
        assertThat(out).as("what came before").containsExactly(Sync.SYNC);
    }

    @Test
    void error_namesTheByteWithinItsLine_howeverTheInputIsCut() {
        ProtocolException whole = refused("5\n[1,x]\n");
        assertThat(whole.line()).isEqualTo(2);
        assertThat(whole.offset()).isEqualTo(3);
        decoder = new JsonLines.Decoder(Limits.defaults());
        ProtocolException cut = catchThrowableOfType(ProtocolException.class, () -> {
            for (byte b : utf8("5\n[1,x]\n")) {
                decoder.decode(ByteBuffer.wrap(new byte[] {b}), out);
            }
        });

        assertThat(cut).hasMessage(whole.getMessage());
    }

    @Test
    void error_ofAHandshakeWithoutAClock_saysWhatItNeedsAndWhatWasFound() {
        assertThat(refused("{\"id\":\"x\"}\n"))
                .hasMessageContaining("\"clock\"")
                .hasMessageContaining("none");
        decoder = new JsonLines.Decoder(Limits.defaults());
        assertThat(refused("{\"clock\":\"" + "x".repeat(1000) + "\"}\n").getMessage())
                .hasSizeLessThan(200);
    }

    @Test
    void skipBlankLines_ignoresThem() throws ProtocolException {
        decoder = new JsonLines.Decoder(Limits.defaults().skipBlankLines(true));
        decode("\n  \t\r\n\"SYNC\"\n\n");
        decode(" ");
        decoder.end(out);

        assertThat(out).containsExactly(Sync.SYNC);
    }

    @Test
    void maxLineBytes_countsTheLineWithoutItsLineFeed() throws ProtocolException {
        decoder = new JsonLines.Decoder(Limits.defaults().maxLineBytes(10));
        decode("\"12345678\"\n");
        ProtocolException refused = refused("\"123456789\"\n");

        assertThat(refused.line()).isEqualTo(2);
        assertThat(refused).hasMessageContaining("10 bytes");
    }

    @Test
    void maxLineBytes_isKeptWithoutWaitingForTheLineFeed() {
        decoder = new JsonLines.Decoder(Limits.defaults().maxLineBytes(10));
        ProtocolException refused = refused("5\n5\n\"1234567890");
        assertThat(refused.line())
                .as("the line that is too long, not the one before")
                .isEqualTo(3);

        decoder = new JsonLines.Decoder(Limits.defaults().maxLineBytes(10));
        byte[] one = {'"'};
        refused = catchThrowableOfType(ProtocolException.class, () -> {
            for (int i = 0; i < 12; i++) {
                decoder.decode(ByteBuffer.wrap(one), out);
            }
        });
        assertThat(refused.line()).isEqualTo(1);
    }

    @Test
    void maxDepth_countsTheArrayOfTheUpdateToo() throws ProtocolException {
        decoder = new JsonLines.Decoder(Limits.defaults().maxDepth(3));
        decode("[[[1]],5,\"x\"]\n{\"clock\":{\"x\":[]}}\n");
        assertThat(out).hasSize(2);
        ProtocolException refused = refused("[[[[1]]],6,\"x\"]\n");
        assertThat(refused.line()).isEqualTo(3);
        decoder = new JsonLines.Decoder(Limits.defaults().maxDepth(3));
        refused("{\"clock\":{},\"meta\":[[[]]]}\n");
    }

    @Test
    void maxDepth_byDefault_refusesWhatCouldNotBeReadAgain() throws ProtocolException {
        decode("[" + "[".repeat(Json.MAX_DEPTH - 1) + "]".repeat(Json.MAX_DEPTH - 1) + ",5,\"x\"]\n");
        assertThat(((Update) out.get(0)).change().depth()).isEqualTo(Json.MAX_DEPTH - 1);
        refused("[" + "[".repeat(5000) + "]".repeat(5000) + ",6,\"x\"]\n");
    }

    @Test
    void limits_thatMakeNoSense_areRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Limits.defaults().maxLineBytes(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Limits.defaults().maxDepth(1));
        assertThatIllegalArgumentException().isThrownBy(() -> Limits.defaults().maxDepth(Json.MAX_DEPTH + 1));
        assertThat(Limits.defaults().maxLineBytes(1).maxDepth(2).maxLineBytes()).isEqualTo(1);
    }

    @Test
    void longLine_inSmallPieces_costsMemoryInProportion() throws ProtocolException {
        int length = 1 << 20;
        byte[] piece = utf8("x".repeat(256));
        long before = allocated();
        decode("[\"");
        for (int i = 0; i < length / piece.length; i++) {
            decoder.decode(ByteBuffer.wrap(piece), out);
        }
        decode("\",5,\"x\"]\n");
        long cost = allocated() - before;

        assertThat(((Update) out.get(0)).length()).isGreaterThan(length);
        assertThat(cost).isLessThan(16L * length);
    }

    @Test
    void manyShortLines_inOneBuffer_costMemoryInProportion() throws ProtocolException {
        String lines = "[[\"k\",1],5,\"x\"]\n".repeat(100_000);
        byte[] bytes = utf8(lines);
        long before = allocated();
        decoder.decode(ByteBuffer.wrap(bytes), out);
        long cost = allocated() - before;

        assertThat(out).hasSize(100_000);
        assertThat(cost).isLessThan(50L * bytes.length);
    }

    /** Bytes that this thread has allocated: what copying a rest again and again would show, without a stop watch. */
    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    @Test
    void protocolException_withoutAPlace_saysNone() {
        ProtocolException exception = new ProtocolException("reason");

        assertThat(exception).hasMessage("reason");
        assertThat(exception.line()).isZero();
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> Handshake.of(Json.object("id", "x")))
                .withMessageNotContaining("line");
    }
}
