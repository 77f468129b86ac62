package dev.scuttlebutt.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scuttlebutt.Session;
import dev.scuttlebutt.SessionOptions;
import dev.scuttlebutt.types.Model;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Time stands still here unless a test moves it. */
class SessionHandlerTest {
    private static final String HANDSHAKE = "{\"id\":\"x\",\"clock\":{}}\n";
    private static final LinkOptions DEFAULTS = LinkOptions.defaults();

    private final MockTicker time = Ticker.newMockTicker();
    private final Model model = new Model("model");
    private final Clog clog = new Clog();
    private SessionHandler handler;
    private EmbeddedChannel channel;

    /** A channel whose peer takes nothing while it is stopped. */
    private static final class Clog extends ChannelOutboundHandlerAdapter {
        boolean stopped;
        final List<ByteBuf> kept = new ArrayList<>();
        final List<ChannelPromise> promises = new ArrayList<>();

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (stopped) {
                kept.add((ByteBuf) message);
                promises.add(promise);
            } else {
                context.write(message, promise);
            }
        }
    }

    @AfterEach
    void giveBuffersBack() {
        if (channel != null) {
            clog.kept.forEach(ByteBuf::release);
            channel.finishAndReleaseAll();
        }
    }

    private void open(LinkOptions options, SessionOptions session) {
        handler = new SessionHandler(model.open(session), options);
        channel = EmbeddedChannel.builder().ticker(time).handlers(clog, handler).build();
    }

    private void open(LinkOptions options) {
        open(options, SessionOptions.twoWay());
    }

    private void pass(Duration duration) {
        time.advance(duration.toNanos(), TimeUnit.NANOSECONDS);
        channel.runPendingTasks();
    }

    private void say(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    }

    private String said() {
        StringBuilder all = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            all.append(part.toString(StandardCharsets.UTF_8));
            part.release();
        }
        return all.toString();
    }

    private Throwable failure() {
        return handler.connection().failure();
    }

    @Test
    void exchange_isTheOneOfTheProtocol() {
        model.set("a", 1);
        open(DEFAULTS);
        assertThat(said()).startsWith("{\"id\":\"model\",\"clock\":{\"model\":").endsWith("}\n");
        say(HANDSHAKE);
        assertThat(said()).startsWith("[[\"a\",1],").endsWith("\"SYNC\"\n");
        model.set("b", 2);
        channel.runPendingTasks();
        assertThat(said()).startsWith("[[\"b\",2],");
    }

    @Test
    void silentPeer_isClosedWhenTheHandshakeIsLate() {
        open(DEFAULTS.handshakeTimeout(Duration.ofSeconds(5)));
        pass(Duration.ofSeconds(4));
        assertThat(channel.isOpen()).isTrue();
        pass(Duration.ofSeconds(1));
        assertThat(channel.isOpen()).isFalse();
        assertThat(failure()).isInstanceOf(TimeoutException.class).hasMessage("no handshake came within 5000 ms");
        assertThat(model.sessions()).isEmpty();
    }

    @Test
    void peerThatDripsBytes_isClosedWhenTheHandshakeIsLate() {
        open(DEFAULTS.handshakeTimeout(Duration.ofSeconds(5)));
        say("{\"id\"");
        pass(Duration.ofSeconds(4));
        say(":");
        pass(Duration.ofSeconds(1));
        assertThat(failure()).isInstanceOf(TimeoutException.class);
    }

    @Test
    void peerThatOnlyAnswers_needNotShakeHands() {
        open(DEFAULTS.handshakeTimeout(Duration.ofSeconds(5)));
        say("\"SYNC\"\n");
        pass(Duration.ofSeconds(50));
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void sendOnly_toASilentPeer_startsWithEverything() {
        model.set("a", 1);
        open(DEFAULTS.handshakeTimeout(Duration.ofSeconds(5)), SessionOptions.sendOnly());
        said();
        pass(Duration.ofSeconds(5));
        assertThat(said()).startsWith("[[\"a\",1],").endsWith("\"SYNC\"\n");
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void idleTimeout_countsFromTheLastByte() {
        open(DEFAULTS.idleTimeout(Duration.ofSeconds(10)));
        say(HANDSHAKE);
        pass(Duration.ofSeconds(9));
        say("\"SYNC\"\n");
        pass(Duration.ofSeconds(9));
        assertThat(channel.isOpen()).isTrue();
        pass(Duration.ofSeconds(1));
        assertThat(channel.isOpen()).isFalse();
        assertThat(failure()).isInstanceOf(TimeoutException.class).hasMessage("nothing was received for 10000 ms");
    }

    @Test
    void idlePeer_isKeptByDefault() {
        open(DEFAULTS);
        say(HANDSHAKE);
        pass(Duration.ofDays(1000));
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void rateLimit_stopsReadingUntilThePeerHasPaidBack() {
        open(DEFAULTS.maxLinesPerSecond(10).idleTimeout(Duration.ofSeconds(1)));
        say(HANDSHAKE + "1\n".repeat(9));
        assertThat(channel.config().isAutoRead()).isTrue();
        say("1\n".repeat(100));
        assertThat(channel.config().isAutoRead()).isFalse();
        assertThat(handler.connection().pauses()).isEqualTo(1);
        pass(Duration.ofMillis(9_900));
        assertThat(channel.config().isAutoRead()).isFalse();
        assertThat(channel.isOpen()).as("being held up is not being idle").isTrue();
        pass(Duration.ofMillis(100));
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void byteLimit_countsBytes() {
        open(DEFAULTS.maxBytesPerSecond(100));
        say(HANDSHAKE + " ".repeat(200));
        assertThat(channel.config().isAutoRead()).isFalse();
        pass(Duration.ofSeconds(2));
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void stalledPeer_costsOneBuffer_whateverIsWritten() {
        open(DEFAULTS.bufferBytes(1 << 12));
        say(HANDSHAKE);
        clog.stopped = true;
        for (int i = 0; i < 10_000; i++) {
            model.set("key" + i % 100, i);
            channel.runPendingTasks();
        }
        assertThat(clog.kept).hasSize(1);
        assertThat(clog.kept.get(0).capacity()).isLessThanOrEqualTo(1 << 12);
        assertThat(handler.connection().bytesPending())
                .isEqualTo(clog.kept.get(0).readableBytes());
    }

    @Test
    void stallTimeout_runsOnlyWhileSomethingWaits() {
        open(DEFAULTS.stallTimeout(Duration.ofSeconds(10)));
        say(HANDSHAKE);
        pass(Duration.ofSeconds(100));
        assertThat(channel.isOpen()).isTrue();
        clog.stopped = true;
        model.set("a", 1);
        channel.runPendingTasks();
        pass(Duration.ofSeconds(9));
        assertThat(channel.isOpen()).isTrue();
        clog.promises.get(0).setSuccess();
        pass(Duration.ofSeconds(9));
        assertThat(channel.isOpen()).isTrue();
        model.set("b", 2);
        channel.runPendingTasks();
        pass(Duration.ofSeconds(10));
        assertThat(failure()).isInstanceOf(TimeoutException.class).hasMessage("the peer took nothing for 10000 ms");
    }

    @Test
    void muchToSend_leavesTheEventLoopToOthersInBetween() {
        for (int i = 0; i < 20_000; i++) {
            model.set("key" + i, i);
        }
        open(DEFAULTS);
        said();
        say(HANDSHAKE);
        assertThat(channel.outboundMessages()).hasSize(4);
        List<Integer> sentWhenOthersRan = new ArrayList<>();
        channel.eventLoop()
                .execute(() -> sentWhenOthersRan.add(channel.outboundMessages().size()));
        pass(Duration.ofNanos(1));
        assertThat(sentWhenOthersRan).containsExactly(4);
        assertThat(channel.outboundMessages()).hasSize(8);
        for (int i = 0; i < 20; i++) {
            pass(Duration.ofNanos(1));
        }
        assertThat(said().lines().count()).isEqualTo(20_001);
    }

    @Test
    void wakeUpsFromOtherThreads_becomeOneTask() throws Exception {
        open(DEFAULTS);
        say(HANDSHAKE);
        said();
        Thread writer = new Thread(() -> {
            for (int i = 0; i < 100; i++) {
                model.set("key" + i, i);
            }
        });
        writer.start();
        writer.join();
        channel.runPendingTasks();
        assertThat(said().lines().count()).isEqualTo(100);
        assertThat(handler.connection().session().state()).isEqualTo(Session.State.SYNCING);
    }

    @Test
    void channelThatCannotBeHalfClosed_endsWithThePeer() {
        open(DEFAULTS);
        say(HANDSHAKE + "\"SYNC\"\n[[\"last\",1],1,\"x\"]");
        channel.close();
        channel.runPendingTasks();
        assertThat(model.has("last")).isTrue();
        assertThat(failure()).isNull();
        assertThat(model.sessions()).isEmpty();
        assertThat(handler.connection().closed()).isCompleted();
    }

    @Test
    void handlerTakenOut_closesSessionAndChannel() {
        open(DEFAULTS);
        channel.pipeline().remove(handler);
        channel.runPendingTasks();
        assertThat(model.sessions()).isEmpty();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void connection_beforeTheChannelIsActive_isRefused() {
        SessionHandler idle = new SessionHandler(model.open(), DEFAULTS);
        assertThatThrownBy(idle::connection).isInstanceOf(IllegalStateException.class);
    }
}
