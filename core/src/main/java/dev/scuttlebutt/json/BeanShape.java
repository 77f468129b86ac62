package dev.scuttlebutt.json;

import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What reflection knows about a bean class; looked up once per class. */
final class BeanShape {
    /*
     * java.beans would find the same properties, but it is in a module that brings a windowing system along.
     *
     * The JDK's own classes are never beans, although some look like it: a Date would become an object of its deprecated
     * parts instead of an error message.
     */
    private record Property(String name, Method getter, Method setter) {}

    private static final ClassValue<BeanShape> SHAPES = new ClassValue<>() {
        @Override
        protected BeanShape computeValue(Class<?> type) {
            return new BeanShape(type);
        }
    };

    /** A bean cannot be read or made; the message does not name the place. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Failure(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    private final Class<?> type;
    private final List<Property> properties;
    private final @Nullable Constructor<?> constructor;

    private BeanShape(Class<?> type) {
        this.type = type;
        constructor = isOfJdk(type) || Modifier.isAbstract(type.getModifiers()) ? null : constructor(type);
        properties = constructor == null ? List.of() : properties(type);
    }

    /** Returns the shape of a class, null when it is no bean. */
    static @Nullable BeanShape of(Class<?> type) {
        BeanShape shape = SHAPES.get(type);
        return shape.properties.isEmpty() ? null : shape;
    }

    private static boolean isOfJdk(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader == null || loader == ClassLoader.getPlatformClassLoader();
    }

    private static @Nullable Constructor<?> constructor(Class<?> type) {
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (constructor.getParameterCount() == 0) {
                return constructor;
            }
        }
        return null;
    }

    /** Pairs of a getter and a setter of the same type, by name. */
    private static List<Property> properties(Class<?> type) {
        Map<String, Method> getters = new TreeMap<>();
        for (Method method : type.getMethods()) {
            String name = getterName(method);
            if (name != null) {
                // A bridge returns a wider type than the method it leads to.
                getters.merge(name, method, (a, b) -> a.isBridge() ? b : a);
            }
        }
        List<Property> properties = new ArrayList<>();
        getters.forEach((name, getter) -> {
            Method setter = setter(type, getter);
            if (setter != null) {
                properties.add(new Property(name, getter, setter));
            }
        });
        return properties;
    }

    private static @Nullable String getterName(Method method) {
        if (method.getParameterCount() > 0 || Modifier.isStatic(method.getModifiers())) {
            return null;
        } else if (method.getName().startsWith("get") && method.getReturnType() != void.class) {
            return propertyName(method.getName().substring(3));
        } else if (method.getName().startsWith("is") && method.getReturnType() == boolean.class) {
            return propertyName(method.getName().substring(2));
        }
        return null;
    }

    /** The rule of JavaBeans: {@code Due} is {@code due}, {@code URL} stays. */
    private static @Nullable String propertyName(String capitalized) {
        if (capitalized.isEmpty() || (capitalized.length() > 1 && Character.isUpperCase(capitalized.charAt(1)))) {
            return capitalized.isEmpty() ? null : capitalized;
        }
        return Character.toLowerCase(capitalized.charAt(0)) + capitalized.substring(1);
    }

    private static @Nullable Method setter(Class<?> type, Method getter) {
        String name = getter.getName();
        String setter = "set" + name.substring(name.startsWith("is") ? 2 : 3);
        try {
            return type.getMethod(setter, getter.getReturnType());
        } catch (NoSuchMethodException readOnly) {
            return null;
        }
    }

    int size() {
        return properties.size();
    }

    String name(int property) {
        return properties.get(property).name();
    }

    Type type(int property) {
        return properties.get(property).getter().getGenericReturnType();
    }

    @Nullable
    Object get(Object bean, int property) {
        return call(properties.get(property).getter(), bean);
    }

    void set(Object bean, int property, @Nullable Object value) {
        call(properties.get(property).setter(), bean, value);
    }

    Object create() {
        Constructor<?> creator = constructor;
        if (creator == null) {
            throw new AssertionError("not a bean: " + type);
        }
        try {
            creator.setAccessible(true);
            return creator.newInstance();
        } catch (InaccessibleObjectException | IllegalAccessException | InstantiationException e) {
            throw inaccessible(e);
        } catch (InvocationTargetException e) {
            throw failed("the constructor of " + type.getName(), e);
        }
    }

    private @Nullable Object call(Method method, Object bean, @Nullable Object... arguments) {
        try {
            method.setAccessible(true);
            return method.invoke(bean, arguments);
        } catch (InaccessibleObjectException | IllegalAccessException e) {
            throw inaccessible(e);
        } catch (InvocationTargetException e) {
            throw failed(type.getName() + "." + method.getName() + "()", e);
        }
    }

    private static Failure failed(String what, InvocationTargetException e) {
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        return new Failure(what + " failed: " + e.getCause(), e.getCause());
    }

    private Failure inaccessible(Exception e) {
        return new Failure(
                "the bean " + type.getName()
                        + " is not accessible; make it public in an exported package, or put \"opens "
                        + type.getPackageName() + " to dev.scuttlebutt;\" into its module-info.java",
                e);
    }
}
