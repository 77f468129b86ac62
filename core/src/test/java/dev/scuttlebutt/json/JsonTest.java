package dev.scuttlebutt.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonTest {
    record Point(int y, int x) {}

    record Shape(String name, List<Point> points, Optional<TimeUnit> unit, int @Nullable [] sizes) {}

    record Broken(int value) {
        @Override
        public int value() {
            throw new IllegalStateException("no value today");
        }
    }

    @Test
    void of_ordinaryJava_becomesWhatJavaScriptWouldPrint() {
        Map<String, @Nullable Object> map = new TreeMap<>();
        map.put("b", null);
        map.put("a", List.of(1, 2.5, "x", 'c', true));
        assertThat(Json.of(map)).hasToString("{\"a\":[1,2.5,\"x\",\"c\",true],\"b\":null}");
        assertThat(Json.of(new int[] {1, 2})).hasToString("[1,2]");
        assertThat(Json.of(new Object[] {new boolean[] {true}, new char[] {'x'}, new byte[] {-1}}))
                .hasToString("[[true],[\"x\"],[-1]]");
        assertThat(Json.of(new StringBuilder("s"))).hasToString("\"s\"");
        assertThat(Json.of(TimeUnit.DAYS)).hasToString("\"DAYS\"");
        assertThat(Json.of(Map.of(TimeUnit.DAYS, 'd'))).hasToString("{\"DAYS\":\"d\"}");
        assertThat(Json.of(Optional.of(Optional.empty()))).hasToString("null");
        assertThat(Json.of((Object) Json.TRUE)).isSameAs(Json.TRUE);
        assertThat(Json.of(null)).isSameAs(Json.NULL);
        assertThat(Json.of('c')).hasToString("\"c\"");
        assertThat(Json.of(1.5f)).hasToString("1.5");
    }

    @Test
    void of_records_keepsTheOrderOfTheirComponents() {
        Shape shape = new Shape("s", List.of(new Point(2, 1)), Optional.of(TimeUnit.DAYS), null);
        assertThat(Json.of(shape))
                .hasToString("{\"name\":\"s\",\"points\":[{\"y\":2,\"x\":1}],\"unit\":\"DAYS\",\"sizes\":null}");
    }

    @Test
    void of_numbersNoDoubleHolds_areRefusedWithAdvice() {
        assertThat(Json.of(1L << 53)).hasToString("9007199254740992");
        assertThat(Json.of(Long.MIN_VALUE)).hasToString("-9223372036854776000");
        assertThat(Json.of(BigInteger.TEN.pow(22))).hasToString("1e+22");
        assertThat(Json.of(new BigDecimal("0.10"))).hasToString("0.1");
        for (Object number : List.of(
                (1L << 53) + 1,
                Long.MAX_VALUE,
                BigInteger.TEN.pow(23).add(BigInteger.ONE),
                BigInteger.TEN.pow(400),
                new BigDecimal("0.1234567890123456789"),
                new BigDecimal("1e-400"),
                new BigDecimal("1e1000000000"))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Json.of(List.of(number)))
                    .withMessageContaining("pass a String instead, at $[0]");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Json.of(Long.MAX_VALUE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.of(Double.NaN))
                .withMessage("JSON has no NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.object("a", List.of(1, Float.POSITIVE_INFINITY)))
                .withMessage("JSON has no Infinity, at $.a[1]");
    }

    @Test
    void of_whatJsonCannotExpress_namesThePlace() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.of(Map.of("when ever", List.of(Path.of("x")))))
                .withMessageContaining("Path")
                .withMessageEndingWith("at $[\"when ever\"][0]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.of(Map.of(1, 2)))
                .withMessage("expected a String as key, found 1 (java.lang.Integer), at $");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.array(new Broken(1)))
                .withMessageContaining("no value today")
                .withMessageEndingWith("at $[0].value");
        assertThatIllegalArgumentException().isThrownBy(() -> Json.object("a")).withMessage("the key a has no value");
        assertThatIllegalArgumentException().isThrownBy(() -> Json.object(1, 2)).withMessageContaining("position 0");
    }

    @Test
    void of_aContainerInsideItself_isRefused() {
        List<Object> list = new ArrayList<>();
        list.add(list);
        list.add(list);
        assertThatIllegalArgumentException().isThrownBy(() -> Json.of(list)).withMessageContaining("contains itself");
        Map<String, Object> map = new HashMap<>();
        map.put("a", Map.of("b", map));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.of(map))
                .withMessageContaining("contains itself")
                .withMessageEndingWith("at $.a.b");
        List<Object> twice = List.of(1);
        assertThat(Json.array(twice, twice)).hasToString("[[1],[1]]");
    }

    @Test
    void depth_isLimitedHoweverATreeIsMade() {
        Json deepest = Json.parse("[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH));
        assertThatIllegalArgumentException().isThrownBy(() -> JsonArray.of(List.of(deepest)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonObject.builder().put("a", deepest).build());
        assertThatIllegalArgumentException().isThrownBy(() -> Json.object().with("a", deepest));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.object("a", deepest))
                .withMessageContaining("deeper than 1000 levels")
                .withMessageContaining("$.a");
        Object lists = 1;
        for (int i = 0; i < Json.MAX_DEPTH; i++) {
            lists = List.of(lists);
        }
        Object tooDeep = List.of(lists);
        assertThat(Json.of(lists).toJava()).isNotNull();
        assertThat(Json.of(lists)).hasToString("[".repeat(1000) + "1" + "]".repeat(1000));
        assertThatIllegalArgumentException().isThrownBy(() -> Json.of(tooDeep));
    }

    @Test
    void of_mutableArguments_areCopied() {
        List<Object> list = new ArrayList<>(List.of(1));
        Json json = Json.of(list);
        list.add(2);
        assertThat(json).hasToString("[1]");
        Object[] array = {1};
        JsonArray copied = Json.array(array);
        array[0] = 2;
        assertThat(copied).hasToString("[1]");
    }

    @Test
    void toJava_isUnmodifiableAndOrdered() {
        Object java = Json.parse("{\"b\":[null,1,\"x\",false],\"1\":{}}").toJava();
        assertThat(java).isEqualTo(Map.of("b", Arrays.asList(null, 1.0, "x", false), "1", Map.of()));
        assertThat(((Map<?, ?>) java).keySet().toString()).isEqualTo("[1, b]");
        assertThat(java)
                .isInstanceOfSatisfying(
                        Map.class,
                        map -> org.assertj.core.api.Assertions.assertThatThrownBy(map::clear)
                                .isInstanceOf(UnsupportedOperationException.class));
    }

    @Test
    void equals_comparesContent() {
        assertThat(Json.parse("{\"a\":1,\"b\":[true,null]}"))
                .isEqualTo(Json.parse("{\"b\":[true,null],\"a\":1}"))
                .hasSameHashCodeAs(Json.parse("{\"b\":[true,null],\"a\":1}"))
                .isNotEqualTo(Json.parse("{\"a\":1,\"b\":[true,false]}"))
                .isNotEqualTo(Json.parse("{\"a\":1,\"c\":[true,null]}"))
                .isNotEqualTo(Json.parse("{\"a\":1}"));
        assertThat(Json.of(-0.0)).isEqualTo(Json.of(0)).hasSameHashCodeAs(Json.of(0));
        assertThat(Json.of("1")).isNotEqualTo(Json.of(1));
        assertThat(Json.array(1, 2)).isNotEqualTo(Json.array(2, 1));
    }

    @Test
    void accessors_ofAnotherKind_sayWhatIsThere() {
        assertThat(Json.of("x").asString()).isEqualTo("x");
        assertThat(Json.of(2).asDouble()).isEqualTo(2);
        assertThat(Json.TRUE.asBoolean()).isTrue();
        assertThat(Json.NULL.isNull()).isTrue();
        assertThat(Json.FALSE.isNull()).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.of(12).asString())
                .withMessage("expected a string, found a number: 12");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.of("x".repeat(50)).asDouble())
                .withMessage("expected a number, found a string: \"" + "x".repeat(40) + "\"…");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.array().asObject())
                .withMessage("expected an object, found an array");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.object().asArray())
                .withMessage("expected an array, found an object");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.NULL.asBoolean())
                .withMessage("expected a boolean, found null");
    }

    @Test
    void json_hasNoDefaultMethods_soThatItsConstantsCannotDeadlock() {
        assertThat(Json.class.getDeclaredMethods()).noneMatch(Method::isDefault);
    }
}
