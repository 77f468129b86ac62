package dev.scuttlebutt.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scuttlebutt.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GenTest {
    private final Gen gen = Gen.seeded(42);

    @Test
    void bits_areThoseOfSplitMix() {
        // First outputs of SplitMix64 for the seed 1234567, as its reference implementation prints them.
        Gen known = Gen.seeded(1234567);
        assertThat(Stream.generate(known::bits).limit(5).map(Long::toUnsignedString))
                .containsExactly(
                        "6457827717110365317",
                        "3203168211198807973",
                        "9817491932198370423",
                        "4593380528125082431",
                        "16408922859458223821");
    }

    @Test
    void sameSeed_givesTheSameDraws() {
        assertThat(draws(Gen.seeded(7))).isEqualTo(draws(Gen.seeded(7))).isNotEqualTo(draws(Gen.seeded(8)));
    }

    private static List<Object> draws(Gen gen) {
        return List.of(
                gen.below(1000),
                gen.text(),
                gen.json(),
                gen.ids(5),
                gen.modelChange(),
                gen.split().bits());
    }

    @Test
    void split_doesNotChangeWhatFollows() {
        Gen one = Gen.seeded(1);
        Gen other = Gen.seeded(1);
        one.split().bits();
        other.split();
        assertThat(one.bits()).isEqualTo(other.bits());
    }

    @Test
    void below_reachesEveryNumberAndNoOther() {
        assertThat(IntStream.range(0, 2_000).map(i -> gen.below(7)).distinct().sorted())
                .containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(IntStream.range(0, 2_000)
                        .map(i -> gen.lowBetween(-2, 2))
                        .distinct()
                        .sorted())
                .containsExactly(-2, -1, 0, 1, 2);
        assertThatThrownBy(() -> gen.below(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void interleave_keepsTheOrderOfEachSequence() {
        List<String> merged = gen.interleave(List.of(List.of("a1", "a2", "a3"), List.of(), List.of("b1", "b2")));
        assertThat(merged).hasSize(5).containsSubsequence("a1", "a2", "a3").containsSubsequence("b1", "b2");
    }

    @Test
    void shuffle_losesNothing() {
        List<Integer> items = new ArrayList<>(IntStream.range(0, 100).boxed().toList());
        gen.shuffle(items);
        assertThat(items)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 100).boxed().toList());
        assertThat(items).isNotEqualTo(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void ids_areDifferentAndAllowed() {
        assertThat(gen.ids(200)).hasSize(200).doesNotHaveDuplicates().doesNotContain("__proto__");
    }

    @Test
    void json_hasEveryKindAndReadsBack() {
        Set<Class<?>> kinds = new HashSet<>();
        boolean loneSurrogate = false;
        for (int i = 0; i < 5_000; i++) {
            Json value = gen.json();
            kinds.add(value.getClass());
            String text = value.toString();
            loneSurrogate |= text.contains("\\ud8");
            assertThat(Json.parse(text)).isEqualTo(value);
        }
        assertThat(kinds).hasSize(6);
        assertThat(loneSurrogate).isTrue();
    }

    @Test
    void nested_isExactlySoDeep() {
        for (int depth : new int[] {0, 1, 17, Json.MAX_DEPTH}) {
            assertThat(gen.nested(depth).depth()).isEqualTo(depth);
        }
    }

    @Test
    void mutated_differsMostly() {
        Json value = Json.parse("{\"a\":[1,2,{\"b\":null}],\"c\":\"x\"}");
        long changed = IntStream.range(0, 200)
                .filter(i -> !gen.mutated(value).equals(value))
                .count();
        assertThat(changed).isGreaterThan(150);
    }
}
