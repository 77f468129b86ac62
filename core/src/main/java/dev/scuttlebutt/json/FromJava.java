package dev.scuttlebutt.json;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Converts ordinary Java to {@link Json}, see {@link Json#of(Object)}. */
final class FromJava {
    /*
     * The containers between the root and the current value are kept with the steps that lead through them. They give the
     * place in messages, and they show a container that contains itself: waiting for the depth limit is no help against
     * one that does so twice.
     */
    private static final int FIRST_CAPACITY = 8;
    private static final Object[] NONE = {};

    private Object[] containers = NONE;
    private Object[] steps = NONE;
    private int depth;

    private FromJava() {}

    static Json convert(@Nullable Object value) {
        return new FromJava().value(value);
    }

    static JsonArray array(@Nullable Object... values) {
        Json[] converted = new Json[values.length];
        for (int i = 0; i < converted.length; i++) {
            Json simple = simple(values[i]);
            if (simple == null) {
                return new FromJava().elements(values);
            }
            converted[i] = simple;
        }
        return JsonArray.ofOwned(converted);
    }

    /** Converts what most values are, for which no place has to be kept; null for everything else. */
    private static @Nullable Json simple(@Nullable Object value) {
        if (value instanceof String text) {
            return new JsonString(text);
        } else if (value instanceof Integer number) {
            return new JsonNumber(number);
        } else if (value instanceof Double number) {
            return Double.isFinite(number) ? new JsonNumber(number) : null;
        } else if (value instanceof Boolean bool) {
            return Json.of(bool.booleanValue());
        } else if (value instanceof Json json) {
            return JsonValue.depth(json) < Json.MAX_DEPTH ? json : null;
        }
        return value == null ? Json.NULL : null;
    }

    static JsonObject object(@Nullable Object... keysAndValues) {
        if (keysAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("the key " + keysAndValues[keysAndValues.length - 1] + " has no value");
        }
        FromJava converter = new FromJava();
        converter.enter(keysAndValues);
        JsonObject.Builder builder = JsonObject.builder();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            if (!(keysAndValues[i] instanceof String key)) {
                throw new IllegalArgumentException(
                        "expected a String as key at position " + i + ", found " + keysAndValues[i]);
            }
            converter.step(key);
            builder.put(key, converter.value(keysAndValues[i + 1]));
        }
        return builder.build();
    }

    private Json value(@Nullable Object value) {
        if (value == null) {
            return Json.NULL;
        } else if (value instanceof Json json) {
            return checked(json);
        } else if (value instanceof CharSequence text) {
            return new JsonString(text.toString());
        } else if (value instanceof Number number) {
            return number(number);
        } else if (value instanceof Boolean bool) {
            return Json.of(bool.booleanValue());
        } else if (value instanceof Map<?, ?> map) {
            return map(map);
        } else if (value instanceof Record fields) {
            return fields(fields);
        } else if (value instanceof Iterable<?> items && !(value instanceof Path)) {
            return iterable(items);
        } else if (value.getClass().isArray()) {
            return elements(value);
        } else if (value instanceof Enum<?> constant) {
            return new JsonString(constant.name());
        } else if (value instanceof Character unit) {
            return new JsonString(unit.toString());
        } else if (value instanceof Optional<?> optional) {
            return value(optional.orElse(null));
        }
        BeanShape bean = BeanShape.of(value.getClass());
        if (bean != null) {
            return properties(value, bean);
        }
        throw problem("there is no JSON for a " + value.getClass().getName()
                + "; pass a String, number, Boolean, Map, List, array, record or bean");
    }

    /** A tree may not get too deep by what is around it; checked here so that the message can name the place. */
    private Json checked(Json json) {
        if (depth + JsonValue.depth(json) > Json.MAX_DEPTH) {
            throw tooDeep();
        }
        return json;
    }

    private Json number(Number number) {
        if (number instanceof Long || number instanceof AtomicLong) {
            return exact(number.longValue());
        } else if (number instanceof BigInteger big) {
            return big.bitLength() < Long.SIZE ? exact(big.longValue()) : decimal(new BigDecimal(big));
        } else if (number instanceof BigDecimal big) {
            return decimal(big);
        }
        double value = number.doubleValue();
        if (!Double.isFinite(value)) {
            throw problem("JSON has no " + value);
        }
        return new JsonNumber(value);
    }

    private Json exact(long value) {
        try {
            return JsonNumber.exact(value);
        } catch (IllegalArgumentException e) {
            throw problem(String.valueOf(e.getMessage()));
        }
    }

    /** Accepts a decimal if it is what the nearest double prints; 0.1 is, although no double equals it. */
    private Json decimal(BigDecimal value) {
        double nearest = value.doubleValue();
        if (!Double.isFinite(nearest) || new BigDecimal(JsonWriter.text(nearest)).compareTo(value) != 0) {
            throw problem(String.valueOf(
                    JsonNumber.inexact(value.precision() > 40 ? "a number of that many digits" : value.toString())
                            .getMessage()));
        }
        return new JsonNumber(nearest);
    }

    private Json map(Map<?, ?> map) {
        enter(map);
        JsonObject.Builder builder = JsonObject.builder();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String key = key(entry.getKey());
            step(key);
            builder.put(key, value(entry.getValue()));
        }
        leave();
        return builder.build();
    }

    private String key(@Nullable Object key) {
        if (key instanceof CharSequence || key instanceof Character) {
            return key.toString();
        } else if (key instanceof Enum<?> constant) {
            return constant.name();
        }
        throw problem("expected a String as key, found "
                + (key == null ? "null" : key + " (" + key.getClass().getName() + ")"));
    }

    private Json fields(Record fields) {
        enter(fields);
        JsonObject.Builder builder = JsonObject.builder();
        try {
            RecordShape shape = RecordShape.of(fields.getClass());
            for (int i = 0; i < shape.size(); i++) {
                step(shape.name(i));
                builder.put(shape.name(i), value(shape.get(fields, i)));
            }
        } catch (RecordShape.Failure e) {
            throw problem(String.valueOf(e.getMessage()), e);
        }
        leave();
        return builder.build();
    }

    private Json properties(Object value, BeanShape bean) {
        enter(value);
        JsonObject.Builder builder = JsonObject.builder();
        try {
            for (int i = 0; i < bean.size(); i++) {
                step(bean.name(i));
                builder.put(bean.name(i), value(bean.get(value, i)));
            }
        } catch (BeanShape.Failure e) {
            throw problem(String.valueOf(e.getMessage()), e);
        }
        leave();
        return builder.build();
    }

    private Json iterable(Iterable<?> items) {
        enter(items);
        List<Json> converted = new ArrayList<>();
        for (Object item : items) {
            step(converted.size());
            converted.add(value(item));
        }
        leave();
        return JsonArray.of(converted);
    }

    private JsonArray elements(Object array) {
        enter(array);
        Json[] converted = new Json[Array.getLength(array)];
        @Nullable Object[] objects = array instanceof Object[] ? (Object[]) array : null;
        for (int i = 0; i < converted.length; i++) {
            step(i);
            converted[i] = value(objects == null ? Array.get(array, i) : objects[i]);
        }
        leave();
        return JsonArray.ofOwned(converted);
    }

    private void enter(Object container) {
        for (int i = 0; i < depth; i++) {
            if (containers[i] == container) {
                throw problem("a " + container.getClass().getName() + " contains itself");
            }
        }
        if (depth == Json.MAX_DEPTH) {
            throw tooDeep();
        }
        if (depth == containers.length) {
            int capacity = Math.max(FIRST_CAPACITY, depth * 2);
            containers = Arrays.copyOf(containers, capacity);
            steps = Arrays.copyOf(steps, capacity);
        }
        steps[depth] = "";
        containers[depth++] = container;
    }

    private void leave() {
        depth--;
    }

    private void step(Object keyOrIndex) {
        steps[depth - 1] = keyOrIndex;
    }

    private IllegalArgumentException tooDeep() {
        return new IllegalArgumentException("JSON may not be nested deeper than " + Json.MAX_DEPTH + " levels, at $"
                + JsonPath.step(steps[0]) + "…");
    }

    private IllegalArgumentException problem(String what) {
        return problem(what, null);
    }

    private IllegalArgumentException problem(String what, @Nullable Throwable cause) {
        StringBuilder place = new StringBuilder("$");
        for (int i = 0; i < depth; i++) {
            place.append(JsonPath.step(steps[i]));
        }
        return new IllegalArgumentException(what + ", at " + place, cause);
    }
}
