package dev.scuttlebutt.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ToJavaTest {
    record User(
            String name,
            int age,
            Optional<String> mail,
            @Nullable List<User> friends,
            Map<String, Double> scores) {}

    record Pair<A, B>(A left, B right) {}

    record Pairs(Pair<String, Pair<Integer, List<TimeUnit>>> one, Pair<String, ? extends Number>[] many) {}

    record Node<T extends Comparable<T>>(T value, List<Node<T>> next) {}

    record Tree(Node<String> root) {}

    record Units(
            Map<TimeUnit, Set<Character>> byUnit,
            Json raw,
            @Nullable Json absent,
            JsonArray array) {}

    record Positive(int value) {
        Positive {
            if (value <= 0) {
                throw new IllegalArgumentException("not positive: " + value);
            }
        }
    }

    @Test
    void as_scalars_areConverted() {
        assertThat(Json.of("x").as(String.class)).isEqualTo("x");
        assertThat(Json.of(7).as(int.class)).isEqualTo(7);
        assertThat(Json.of(7).as(Long.class)).isEqualTo(7L);
        assertThat(Json.of(7).as(byte.class)).isEqualTo((byte) 7);
        assertThat(Json.of(7).as(short.class)).isEqualTo((short) 7);
        assertThat(Json.of(0.1).as(float.class)).isEqualTo(0.1f);
        assertThat(Json.of(0.1).as(double.class)).isEqualTo(0.1);
        assertThat(Json.of(0.1).as(Number.class)).isEqualTo(0.1);
        assertThat(Json.of(0.1).as(BigDecimal.class)).isEqualTo(new BigDecimal("0.1"));
        assertThat(Json.of(1e22).as(BigInteger.class)).isEqualTo(BigInteger.TEN.pow(22));
        assertThat(Json.TRUE.as(boolean.class)).isTrue();
        assertThat(Json.of("c").as(char.class)).isEqualTo('c');
        assertThat(Json.of("DAYS").as(TimeUnit.class)).isEqualTo(TimeUnit.DAYS);
        assertThat(Json.NULL.as(String.class)).isNull();
        assertThat(Json.NULL.as(Json.class)).isSameAs(Json.NULL);
        assertThat(Json.NULL.as(Object.class)).isNull();
        assertThat(Json.of(-0x1p63).as(long.class)).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void as_containers_areConverted() {
        Json numbers = Json.array(1, 2, 2);
        assertThat(numbers.as(int[].class)).containsExactly(1, 2, 2);
        assertThat(numbers.as(Object.class)).isEqualTo(List.of(1.0, 2.0, 2.0));
        assertThat(numbers.as(List.class)).isEqualTo(List.of(1.0, 2.0, 2.0));
        assertThat(numbers.as(Collection.class)).isEqualTo(List.of(1.0, 2.0, 2.0));
        assertThat(numbers.as(Set.class)).isEqualTo(Set.of(1.0, 2.0));
        assertThat(Json.parse("[[\"a\"],[null]]").as(String[][].class)).isDeepEqualTo(new String[][] {{"a"}, {null}});
        assertThat(Json.parse("{\"a\":[null]}").as(Map.class)).isEqualTo(Map.of("a", Arrays.asList((Object) null)));
    }

    @Test
    void as_records_followsGenericTypes() {
        User user = Json.parse("""
                        {"name":"Ada","age":36,"mail":"ada@x","scores":{"a":1,"b":0.5},"extra":1,
                         "friends":[{"name":"Bob","age":40,"scores":{}}]}
                        """).as(User.class);
        User bob = new User("Bob", 40, Optional.empty(), null, Map.of());
        assertThat(user).isEqualTo(new User("Ada", 36, Optional.of("ada@x"), List.of(bob), Map.of("a", 1.0, "b", 0.5)));

        Pairs pairs = Json.parse("""
                        {"one":{"left":"x","right":{"left":3,"right":["DAYS"]}},"many":[{"left":"y","right":4}]}
                        """).as(Pairs.class);
        assertThat(pairs.one()).isEqualTo(new Pair<>("x", new Pair<>(3, List.of(TimeUnit.DAYS))));
        assertThat(pairs.many()).containsExactly(new Pair<>("y", 4.0));

        Tree tree = Json.parse("{\"root\":{\"value\":\"a\",\"next\":[{\"value\":\"b\",\"next\":[]}]}}")
                .as(Tree.class);
        assertThat(tree).isEqualTo(new Tree(new Node<>("a", List.of(new Node<>("b", List.of())))));

        Units units = Json.parse("{\"byUnit\":{\"DAYS\":[\"d\"]},\"raw\":null,\"array\":[1]}")
                .as(Units.class);
        assertThat(units).isEqualTo(new Units(Map.of(TimeUnit.DAYS, Set.of('d')), Json.NULL, null, Json.array(1)));
    }

    @Test
    void as_recordsAndBack_isTheSame() {
        User user = new User("Ada", 1, Optional.of("m"), List.of(), Map.of("s", 2.0));
        assertThat(Json.of(user).as(User.class)).isEqualTo(user);
    }

    @Test
    void as_numbersOutOfRangeOrWithFraction_areRefused() {
        refused(Json.of(1.5), int.class, "$: expected int, found a number: 1.5");
        refused(Json.of(128), byte.class, "$: expected byte, found a number: 128");
        refused(Json.of(-32769), Short.class, "$: expected Short, found a number: -32769");
        refused(Json.of(1L << 31), int.class, "$: expected int, found a number: 2147483648");
        refused(Json.of(0x1p63), long.class, "$: expected long, found a number: 9223372036854776000");
        refused(Json.of(1e300), float.class, "$: expected float, found a number: 1e+300");
        refused(Json.of(0.5), BigInteger.class, "$: expected BigInteger, found a number: 0.5");
        refused(Json.parse("1e400"), BigDecimal.class, "$: expected BigDecimal, found a number: null");
        refused(Json.parse("1e400"), long.class, "$: expected long, found a number: null");
        assertThat(Json.parse("1e400").as(double.class)).isInfinite();
    }

    @Test
    void as_anotherKind_namesPlaceExpectedAndFound() {
        refused(Json.of("x"), int.class, "$: expected int, found a string: \"x\"");
        refused(Json.of("xy"), char.class, "$: expected char, found a string: \"xy\"");
        refused(Json.of(1), boolean.class, "$: expected boolean, found a number: 1");
        refused(Json.NULL, int.class, "$: expected int, found null");
        refused(Json.of(1), JsonString.class, "$: expected dev.scuttlebutt.json.JsonString, found a number: 1");
        refused(Json.parse("[1,[2,true]]"), int[][].class, "$[0]: expected int[], found a number: 1");
        refused(
                Json.parse("{\"name\":\"A\",\"age\":1,\"friends\":[{\"name\":\"B\",\"age\":\"old\"}]}"),
                User.class,
                "$.friends[0].age: expected int, found a string: \"old\"");
        refused(Json.parse("{\"name\":\"A\"}"), User.class, "$.age: expected int, found no such member");
        refused(
                Json.parse("{\"name\":\"A\",\"age\":1,\"scores\":{\"my score\":\"x\"}}"),
                User.class,
                "$.scores[\"my score\"]: expected Double, found a string: \"x\"");
        refused(
                Json.parse("{\"name\":\"A\",\"age\":1,\"scores\":[]}"),
                User.class,
                "$.scores: expected Map<String,Double>, found an array");
    }

    @Test
    void as_unknownConstantOrType_saysWhatWouldDo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.of("YEARS").as(TimeUnit.class))
                .withMessageContaining("DAYS]")
                .withMessageEndingWith("found a string: \"YEARS\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.of("x").as(Thread.class))
                .withMessageContaining("cannot be turned into Thread");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.of(1).as(java.util.concurrent.atomic.AtomicLong.class))
                .withMessageContaining("cannot be turned into AtomicLong");
    }

    @Test
    void as_recordThatRefusesItsValue_keepsTheCause() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.parse("[{\"value\":0}]").as(Positive[].class))
                .withMessageStartingWith("$[0]: the constructor of ")
                .withMessageContaining("not positive: 0")
                .withRootCauseInstanceOf(IllegalArgumentException.class);
    }

    private static void refused(Json json, Class<?> type, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> json.as(type)).withMessage(message);
    }
}
