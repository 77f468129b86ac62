package dev.scuttlebutt.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonObjectTest {
    @Test
    void keys_arrayIndicesFirst_thenOrderOfAppearance() {
        JsonObject object = Json.object(
                "b",
                1,
                "10",
                2,
                "9",
                3,
                "01",
                4,
                "4294967294",
                5,
                "4294967295",
                6,
                "-1",
                7,
                "0",
                8,
                "a",
                9,
                "1.0",
                10,
                "٣",
                11,
                "",
                12,
                "99999999999",
                13);
        assertThat(object.keys())
                .containsExactly(
                        "0",
                        "9",
                        "10",
                        "4294967294",
                        "b",
                        "01",
                        "4294967295",
                        "-1",
                        "a",
                        "1.0",
                        "٣",
                        "",
                        "99999999999");
        assertThat(object.get("9")).isEqualTo(Json.of(3));
        assertThat(object.get("٣")).isEqualTo(Json.of(11));
    }

    @Test
    void builder_repeatedKey_keepsFirstPlaceAndLastValue() {
        JsonObject.Builder builder = JsonObject.builder().put("a", Json.of(1)).put("b", Json.of(2));
        JsonObject before = builder.build();
        assertThat(builder.put("a", Json.of(3)).build()).hasToString("{\"a\":3,\"b\":2}");
        assertThat(before).hasToString("{\"a\":1,\"b\":2}");
    }

    @Test
    void withAndWithout_leaveTheOriginalAlone() {
        JsonObject object = Json.object("a", 1, "b", 2);
        assertThat(object.with("a", Json.TRUE)).hasToString("{\"a\":true,\"b\":2}");
        assertThat(object.with("c", Json.NULL)).hasToString("{\"a\":1,\"b\":2,\"c\":null}");
        assertThat(object.with("7", Json.NULL)).hasToString("{\"7\":null,\"a\":1,\"b\":2}");
        assertThat(object.without("a")).hasToString("{\"b\":2}");
        assertThat(object.without("a").without("b")).isEqualTo(Json.object());
        assertThat(object.without("c")).isSameAs(object);
        assertThat(object).hasToString("{\"a\":1,\"b\":2}");
    }

    @Test
    void randomEdits_behaveLikeAMap() {
        Random random = new Random(5);
        for (int round = 0; round < 200; round++) {
            Map<String, Json> map = new LinkedHashMap<>();
            JsonObject object = Json.object();
            for (int i = 0; i < 60; i++) {
                String key = "k" + random.nextInt(25);
                if (random.nextInt(3) == 0) {
                    map.remove(key);
                    object = object.without(key);
                } else {
                    map.put(key, Json.of(i));
                    object = object.with(key, Json.of(i));
                }
                assertThat(object.entries()).containsExactlyElementsOf(map.entrySet());
                assertThat(object.get(key)).isEqualTo(map.get(key));
                assertThat(object.has(key)).isEqualTo(map.containsKey(key));
            }
        }
    }

    @Test
    void lookUp_moreMembersThanAreSearched_findsEach() {
        JsonObject.Builder builder = JsonObject.builder();
        for (int i = 99; i >= 0; i--) {
            builder.put(i % 3 == 0 ? "" + i : "k" + i, Json.of(i));
        }
        JsonObject object = builder.build();
        for (int i = 0; i < 100; i++) {
            assertThat(object.get(i % 3 == 0 ? "" + i : "k" + i)).isEqualTo(Json.of(i));
        }
        assertThat(object.get("k0")).isNull();
        assertThat(object.keys().subList(0, 3)).containsExactly("0", "3", "6");
    }

    @Test
    void keysWithEqualHashes_areStillFound() {
        List<String> keys = new ArrayList<>(List.of(""));
        for (int i = 0; i < 15; i++) {
            List<String> longer = new ArrayList<>();
            keys.forEach(key -> {
                longer.add(key + "Aa");
                longer.add(key + "BB");
            });
            keys = longer;
        }
        assertThat(keys.stream().map(String::hashCode).distinct()).hasSize(1);
        JsonObject.Builder builder = JsonObject.builder();
        keys.forEach(key -> builder.put(key, Json.of(key)));
        JsonObject object = Json.parse(builder.build().toString()).asObject();
        assertThat(object.size()).isEqualTo(1 << 15);
        for (String key : keys) {
            assertThat(object.get(key)).isEqualTo(Json.of(key));
        }
    }

    @Test
    void views_cannotBeChanged() {
        JsonObject object = Json.object("a", 1);
        assertThatThrownBy(() -> object.keys().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> object.entries().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> object.entries().get(0).setValue(Json.NULL))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> Json.array(1).toList().set(0, Json.NULL))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void forEach_visitsInOrder() {
        List<String> seen = new ArrayList<>();
        Json.object("b", 1, "2", "x").forEach((key, value) -> seen.add(key + "=" + value));
        assertThat(seen).containsExactly("2=\"x\"", "b=1");
    }

    @Test
    void array_behavesLikeItsList() {
        JsonArray array = Json.array(1, "x", null);
        assertThat(array.size()).isEqualTo(3);
        assertThat(array.get(1)).isEqualTo(Json.of("x"));
        assertThat(array).containsExactly(Json.of(1), Json.of("x"), Json.NULL);
        assertThat(array.stream()).isEqualTo(array.toList());
        assertThat(JsonArray.of(array.toList())).isEqualTo(array);
        assertThatThrownBy(() -> array.get(3)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
