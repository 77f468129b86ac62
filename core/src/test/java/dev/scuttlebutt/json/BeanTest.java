package dev.scuttlebutt.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Date;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BeanTest {

    record Point(int x, int y) {}

    /** A property of a type variable, which the subclass fixes. */
    public abstract static class Tagged<T> {
        private @Nullable T tag;

        public @Nullable T getTag() {
            return tag;
        }

        public void setTag(@Nullable T tag) {
            this.tag = tag;
        }
    }

    static class Shape extends Tagged<String> {
        private List<Point> corners = List.of();
        private boolean filled = true;
        private String uri = "u";

        public List<Point> getCorners() {
            return corners;
        }

        public void setCorners(List<Point> corners) {
            this.corners = corners;
        }

        public boolean isFilled() {
            return filled;
        }

        public void setFilled(boolean filled) {
            this.filled = filled;
        }

        public String getURI() {
            return uri;
        }

        public void setURI(String uri) {
            this.uri = uri;
        }

        public int getArea() {
            return 0;
        }

        public static int getCount() {
            return 0;
        }

        public static void setCount(int count) {}
    }

    @Test
    void bean_becomesItsPropertiesByName() {
        Shape shape = new Shape();
        shape.setCorners(List.of(new Point(1, 2)));

        assertThat(Json.of((Object) shape))
                .hasToString("{\"URI\":\"u\",\"corners\":[{\"x\":1,\"y\":2}],\"filled\":true,\"tag\":null}");
    }

    @Test
    void as_setsPropertiesThatHaveAMember() {
        Shape shape = Objects.requireNonNull(Json.parse("{\"corners\":[{\"x\":1,\"y\":2}],\"filled\":false,\"more\":1}")
                .as(Shape.class));

        assertThat(shape.getCorners()).containsExactly(new Point(1, 2));
        assertThat(shape.isFilled()).isFalse();
        assertThat(shape.getURI()).isEqualTo("u");
        assertThat(shape.getTag()).isNull();
    }

    @Test
    void as_ofTheWrongKind_namesThePlace() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Json.parse("{\"corners\":[{\"x\":1,\"y\":\"2\"}]}").as(Shape.class))
                .withMessageContaining("$.corners[0].y");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.parse("{\"filled\":null}").as(Shape.class))
                .withMessageContaining("filled");
        assertThatIllegalArgumentException().isThrownBy(() -> Json.parse("[]").as(Shape.class));
    }

    @Test
    void setterThatThrows_isNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.parse("{\"age\":-1}").as(Picky.class))
                .withMessageContaining("setAge")
                .withMessageContaining("too young");
    }

    static class Picky {
        public int getAge() {
            throw new IllegalStateException("none of your business");
        }

        public void setAge(int age) {
            throw new IllegalArgumentException("too young");
        }
    }

    @Test
    void getterThatThrows_isNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.of(List.of(new Picky())))
                .withMessageContaining("getAge")
                .withMessageContaining("$[0]");
    }

    static class Node {
        private @Nullable Node next;

        public @Nullable Node getNext() {
            return next;
        }

        public void setNext(@Nullable Node next) {
            this.next = next;
        }
    }

    @Test
    void beanThatContainsItself_isRefused() {
        Node node = new Node();
        node.setNext(node);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.of((Object) node))
                .withMessageContaining("contains itself");
    }

    @Test
    void classesOfTheJdk_areNoBeans() {
        assertThatIllegalArgumentException().isThrownBy(() -> Json.of(new Date()));
        assertThatIllegalArgumentException().isThrownBy(() -> Json.of(new Thread()));
        assertThatIllegalArgumentException().isThrownBy(() -> Json.parse("{}").as(Date.class));
        assertThatIllegalArgumentException().isThrownBy(() -> Json.of(this));
    }
}
