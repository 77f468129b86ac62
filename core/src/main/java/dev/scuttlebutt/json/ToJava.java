package dev.scuttlebutt.json;

import java.lang.reflect.Array;
import java.lang.reflect.TypeVariable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Converts {@link Json} to a Java type, see {@link Json#as}. */
final class ToJava {
    private ToJava() {}

    @SuppressWarnings("unchecked") // value() returns an instance of the type; Class.cast would refuse primitive types
    static <T> @Nullable T convert(Json json, Class<T> type) {
        return (T) value(json, Target.of(type), JsonPath.ROOT);
    }

    private static @Nullable Object value(Json json, Target target, JsonPath path) {
        Class<?> type = target.raw();
        if (type == Optional.class) {
            return json.isNull() ? Optional.empty() : Optional.ofNullable(value(json, target.argument(0), path));
        } else if (Json.class.isAssignableFrom(type)) {
            return check(type.isInstance(json), json, json, target, path);
        } else if (json.isNull()) {
            return check(!type.isPrimitive(), null, json, target, path);
        } else if (type == Object.class) {
            return json.toJava();
        } else if (type == String.class || type == CharSequence.class) {
            return string(json, target, path);
        } else if (type == boolean.class || type == Boolean.class) {
            return check(json instanceof JsonBoolean, json.toJava(), json, target, path);
        } else if (type == char.class || type == Character.class) {
            String text = string(json, target, path);
            check(text.length() == 1, text, json, target, path);
            return text.charAt(0);
        } else if (type.isRecord()) {
            return fields(json, target, path);
        } else if (type.isEnum()) {
            return constant(string(json, target, path), type, path);
        } else if (type.isArray()) {
            return array(json, target, path);
        } else if (type == List.class || type == Collection.class || type == Iterable.class) {
            return Collections.unmodifiableList(items(json, target, path));
        } else if (type == Set.class) {
            return Collections.unmodifiableSet(new LinkedHashSet<>(items(json, target, path)));
        } else if (type == Map.class) {
            return map(json, target, path);
        }
        BeanShape bean = BeanShape.of(type);
        return bean != null ? properties(bean, json, target, path) : number(json, target, path);
    }

    private static Object number(Json json, Target target, JsonPath path) {
        Class<?> type = target.raw();
        if (!Number.class.isAssignableFrom(type) && (!type.isPrimitive() || type == void.class)) {
            throw unsupported(target, path);
        }
        check(json instanceof JsonNumber, json, json, target, path);
        double value = json.asDouble();
        if (type == double.class || type == Double.class || type == Number.class) {
            return value;
        } else if (type == int.class || type == Integer.class) {
            return (int) whole(json, Integer.MIN_VALUE, Integer.MAX_VALUE, target, path);
        } else if (type == long.class || type == Long.class) {
            return whole(json, Long.MIN_VALUE, Long.MAX_VALUE, target, path);
        } else if (type == float.class || type == Float.class) {
            check(Math.abs(value) <= Float.MAX_VALUE || Double.isInfinite(value), value, json, target, path);
            return (float) value;
        } else if (type == short.class || type == Short.class) {
            return (short) whole(json, Short.MIN_VALUE, Short.MAX_VALUE, target, path);
        } else if (type == byte.class || type == Byte.class) {
            return (byte) whole(json, Byte.MIN_VALUE, Byte.MAX_VALUE, target, path);
        } else if (type == BigDecimal.class) {
            check(Double.isFinite(value), value, json, target, path);
            return new BigDecimal(JsonWriter.text(value));
        } else if (type == BigInteger.class) {
            check(Double.isFinite(value) && value == Math.rint(value), value, json, target, path);
            return new BigDecimal(value).toBigIntegerExact();
        }
        throw unsupported(target, path);
    }

    private static long whole(Json json, long least, long greatest, Target target, JsonPath path) {
        double value = json.asDouble();
        // Greatest + 1 and not greatest: as a double Long.MAX_VALUE is 2^63, which is too large.
        check(value == Math.rint(value) && value >= least && value < greatest + 1.0, value, json, target, path);
        return (long) value;
    }

    private static String string(Json json, Target target, JsonPath path) {
        check(json instanceof JsonString, json, json, target, path);
        return json.asString();
    }

    private static Object constant(String name, Class<?> type, JsonPath path) {
        Object[] constants = type.getEnumConstants();
        for (Object constant : constants) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(path + ": expected one of " + Arrays.toString(constants) + " of "
                + type.getName() + ", found " + JsonValue.describe(Json.of(name)));
    }

    private static Object array(Json json, Target target, JsonPath path) {
        List<@Nullable Object> items = items(json, target, path);
        Object array = Array.newInstance(target.raw().getComponentType(), items.size());
        for (int i = 0; i < items.size(); i++) {
            Array.set(array, i, items.get(i));
        }
        return array;
    }

    private static List<@Nullable Object> items(Json json, Target target, JsonPath path) {
        check(json instanceof JsonArray, json, json, target, path);
        JsonArray array = json.asArray();
        List<@Nullable Object> items = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            items.add(value(array.get(i), target.argument(0), path.then(i)));
        }
        return items;
    }

    private static Map<Object, @Nullable Object> map(Json json, Target target, JsonPath path) {
        check(json instanceof JsonObject, json, json, target, path);
        Class<?> keyType = target.argument(0).raw();
        if (!keyType.isAssignableFrom(String.class) && !keyType.isEnum()) {
            throw new IllegalArgumentException(
                    path + ": the keys of a Map can be String or an enum, not " + keyType.getName());
        }
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        json.asObject().forEach((key, value) -> {
            JsonPath place = path.then(key);
            map.put(keyType.isEnum() ? constant(key, keyType, place) : key, value(value, target.argument(1), place));
        });
        return Collections.unmodifiableMap(map);
    }

    private static Object fields(Json json, Target target, JsonPath path) {
        check(json instanceof JsonObject, json, json, target, path);
        Map<TypeVariable<?>, Target> bindings = target.bindings();
        try {
            RecordShape shape = RecordShape.of(target.raw());
            @Nullable Object[] values = new Object[shape.size()];
            for (int i = 0; i < values.length; i++) {
                Target component = Target.resolve(shape.type(i), bindings);
                values[i] = member(json.asObject().get(shape.name(i)), component, path.then(shape.name(i)));
            }
            return shape.create(values);
        } catch (RecordShape.Failure e) {
            throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
        }
    }

    /** Properties without a member stay what the constructor made them. */
    private static Object properties(BeanShape shape, Json json, Target target, JsonPath path) {
        check(json instanceof JsonObject, json, json, target, path);
        Map<TypeVariable<?>, Target> bindings = target.bindings();
        try {
            Object bean = shape.create();
            for (int i = 0; i < shape.size(); i++) {
                Json member = json.asObject().get(shape.name(i));
                if (member != null) {
                    Target property = Target.resolve(shape.type(i), bindings);
                    shape.set(bean, i, value(member, property, path.then(shape.name(i))));
                }
            }
            return bean;
        } catch (BeanShape.Failure e) {
            throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable Object member(@Nullable Json json, Target target, JsonPath path) {
        if (json == null && target.raw().isPrimitive()) {
            throw new IllegalArgumentException(path + ": expected " + target + ", found no such member");
        } else if (json == null && Json.class.isAssignableFrom(target.raw())) {
            return null;
        }
        return value(json == null ? Json.NULL : json, target, path);
    }

    private static @Nullable Object check(
            boolean fits, @Nullable Object result, Json json, Target target, JsonPath path) {
        if (!fits) {
            throw new IllegalArgumentException(path + ": expected " + target + ", found " + JsonValue.describe(json));
        }
        return result;
    }

    private static IllegalArgumentException unsupported(Target target, JsonPath path) {
        return new IllegalArgumentException(
                path + ": JSON cannot be turned into " + target
                        + "; use String, boolean, a number, an enum, List, Set, Map, Optional, an array, a record, a bean or Json");
    }
}
