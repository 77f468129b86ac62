package dev.scuttlebutt.json;

import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What reflection knows about a record class; looked up once per class. */
final class RecordShape {
    private static final ClassValue<RecordShape> SHAPES = new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
            return new RecordShape(type);
        }
    };

    /** A record cannot be read or made; the message does not name the place. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Failure(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    private final Class<?> type;
    private final RecordComponent[] components;
    private final Method[] accessors;
    private final Constructor<?> constructor;

    private RecordShape(Class<?> type) {
        this.type = type;
        components = type.getRecordComponents();
        accessors = Arrays.stream(components).map(RecordComponent::getAccessor).toArray(Method[]::new);
        Class<?>[] parameters =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            constructor = type.getDeclaredConstructor(parameters);
            constructor.setAccessible(true);
            for (Method accessor : accessors) {
                accessor.setAccessible(true);
            }
        } catch (InaccessibleObjectException | NoSuchMethodException e) {
            throw inaccessible(e);
        }
    }

    /**
     * Returns the shape of a record class.
     *
     * @throws Failure if its module does not open it to this library
     */
    static RecordShape of(Class<?> type) {
        return SHAPES.get(type);
    }

    int size() {
        return components.length;
    }

    String name(int component) {
        return components[component].getName();
    }

    Type type(int component) {
        return components[component].getGenericType();
    }

    @Nullable
    Object get(Record value, int component) {
        try {
            return accessors[component].invoke(value);
        } catch (IllegalAccessException e) {
            throw inaccessible(e);
        } catch (InvocationTargetException e) {
            throw failed(type.getName() + "." + name(component) + "()", e);
        }
    }

    Object create(@Nullable Object[] arguments) {
        try {
            return constructor.newInstance(arguments);
        } catch (IllegalAccessException | InstantiationException e) {
            throw inaccessible(e);
        } catch (InvocationTargetException e) {
            throw failed("the constructor of " + type.getName(), e);
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
                "the record " + type.getName()
                        + " is not accessible; make it public in an exported package, or put \"opens "
                        + type.getPackageName() + " to dev.scuttlebutt;\" into its module-info.java",
                e);
    }
}
