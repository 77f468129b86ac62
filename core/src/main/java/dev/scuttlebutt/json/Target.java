package dev.scuttlebutt.json;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A Java type to convert to, without variables and wildcards.
 *
 * @param raw the class
 * @param arguments its type arguments; empty if it has none or is used raw; the element type of an array
 */
record Target(Class<?> raw, List<Target> arguments) {
    private static final Target OBJECT = new Target(Object.class, List.of());

    static Target of(Class<?> type) {
        return new Target(type, type.isArray() ? List.of(of(type.getComponentType())) : List.of());
    }

    /** Returns the type argument at an index, {@code Object} if the class is used raw. */
    Target argument(int index) {
        return index < arguments.size() ? arguments.get(index) : OBJECT;
    }

    /** Returns what the variables of this class stand for. */
    Map<TypeVariable<?>, Target> bindings() {
        TypeVariable<?>[] variables = raw.getTypeParameters();
        Map<TypeVariable<?>, Target> bindings = new HashMap<>();
        for (int i = 0; i < variables.length && i < arguments.size(); i++) {
            bindings.put(variables[i], arguments.get(i));
        }
        return bindings;
    }

    /** Takes apart a type that was declared where variables have the given meaning. */
    static Target resolve(Type type, Map<TypeVariable<?>, Target> bindings) {
        if (type instanceof Class<?> plain) {
            return of(plain);
        } else if (type instanceof ParameterizedType generic) {
            List<Target> arguments = Arrays.stream(generic.getActualTypeArguments())
                    .map(argument -> resolve(argument, bindings))
                    .toList();
            return new Target((Class<?>) generic.getRawType(), arguments);
        } else if (type instanceof GenericArrayType array) {
            Target element = resolve(array.getGenericComponentType(), bindings);
            return new Target(element.raw.arrayType(), List.of(element));
        } else if (type instanceof WildcardType wildcard) {
            return resolve(wildcard.getUpperBounds()[0], bindings);
        }
        TypeVariable<?> variable = (TypeVariable<?>) type;
        Target known = bindings.get(variable);
        // Of a bound only the class counts: "T extends Comparable<T>" would lead back to T.
        return known != null ? known : of(erase(variable.getBounds()[0]));
    }

    private static Class<?> erase(Type bound) {
        if (bound instanceof Class<?> plain) {
            return plain;
        } else if (bound instanceof ParameterizedType generic) {
            return (Class<?>) generic.getRawType();
        }
        return erase(((TypeVariable<?>) bound).getBounds()[0]);
    }

    @Override
    public String toString() {
        if (raw.isArray()) {
            return argument(0) + "[]";
        }
        String name = raw.getName().startsWith("java.") ? raw.getSimpleName() : raw.getName();
        if (arguments.isEmpty()) {
            return name;
        }
        StringBuilder text = new StringBuilder(name);
        char separator = '<';
        for (Target argument : arguments) {
            text.append(separator).append(argument);
            separator = ',';
        }
        return text.append('>').toString();
    }
}
