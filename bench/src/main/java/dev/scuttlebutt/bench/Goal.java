package dev.scuttlebutt.bench;

/** What a scenario is to reach. */
public sealed interface Goal {

    /** At least so many times as good as the original. */
    record TimesOriginal(double factor) implements Goal {
        @Override
        public String toString() {
            return "≥ " + plain(factor) + " × original";
        }
    }

    /** At most so much, in the scenario's unit. */
    record AtMost(double value, Unit unit) implements Goal {
        @Override
        public String toString() {
            return "≤ " + plain(value) + " " + unit.name();
        }
    }

    /** At least so much, in the scenario's unit. */
    record AtLeast(double value, Unit unit) implements Goal {
        @Override
        public String toString() {
            return "≥ " + plain(value) + " " + unit.name();
        }
    }

    /** At most so many times the value of another scenario. */
    record TimesScenario(double factor, String scenario) implements Goal {
        @Override
        public String toString() {
            return "≤ " + plain(factor) + " × " + scenario;
        }
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }
}
