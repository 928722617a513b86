package io.outfeed.internal.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.schedule.Frequency;
import io.outfeed.schedule.Schedule;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The text of cron expressions; when they fire is in the table of fires. */
class CronTest {

    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final String EXAMPLES =
            "; examples: '0 7 * * *' is daily at 07:00, '30 6 * * MON-FRI' 06:30 on weekdays,"
                    + " '*/15 * * * *' each quarter of an hour, '0 0 L * *' the last day of each month";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "60 * * * *      | minute (field 1) has '60': it must be 0 to 59",
                "0 24 * * *      | hour (field 2) has '24': it must be 0 to 23",
                "0 0 0 * *       | day of month (field 3) has '0': it must be 1 to 31",
                "0 0 1 13 *      | month (field 4) has '13': it must be 1 to 12",
                "0 0 * * 8       | day of week (field 5) has '8': it must be 0 to 7",
                "0 0 * * FUN     | day of week (field 5) has 'FUN': write 0 to 7, SUN to SAT, '*', a list, a range"
                        + " or a step",
                "x * * * *       | minute (field 1) has 'X': write 0 to 59, '*', a list, a range or a step",
                "0 0 ? * *       | day of month (field 3) has '?': '?' is another dialect's: write '*'",
                "0 0 * * MON#2   | day of week (field 5) has 'MON#2': for such days use Schedule.monthlyOnNth or"
                        + " monthlyOnLast",
                "0 0 * * FRIL    | day of week (field 5) has 'FRIL': for such days use Schedule.monthlyOnNth or"
                        + " monthlyOnLast",
                "5/10 * * * *    | minute (field 1) has '5/10': a step needs a range: write 5-59/10",
                "*/60 * * * *    | minute (field 1) has '*/60': the step must be 1 to 59",
                "* * * * */7     | day of week (field 5) has '*/7': the step must be 1 to 6",
                "*/0 * * * *     | minute (field 1) has '*/0': the step must be 1 to 59",
                "0 0 * * FRI-MON | day of week (field 5) has 'FRI-MON': the range ends before it begins: write two,"
                        + " divided by a comma",
                "*-5 * * * *     | minute (field 1) has '*-5': '*' has no end",
                "0, * * * *      | minute (field 1) has '': write 0 to 59, '*', a list, a range or a step",
                "60 24 * * *     | minute (field 1) has '60': it must be 0 to 59; hour (field 2) has '24': it must"
                        + " be 0 to 23",
            })
    void should_say_what_is_wrong_where(String expression, String problem) {
        assertThatThrownBy(() -> Schedule.cron(expression, NEW_YORK))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cron '" + expression.toUpperCase(java.util.Locale.ROOT) + "': " + problem + EXAMPLES);
    }

    @Test
    void should_want_five_fields() {
        assertThatThrownBy(() -> Schedule.cron("0 7 * *", NEW_YORK))
                .hasMessage(
                        "cron '0 7 * *' has 4 fields, not the five of minute, hour, day of month, month and day of week"
                                + EXAMPLES);
        assertThatThrownBy(() -> Schedule.cron("0 0 7 * * *", NEW_YORK))
                .hasMessage(
                        "cron '0 0 7 * * *' has 6 fields, not the five of minute, hour, day of month, month and day of"
                                + " week: there are no seconds and no years" + EXAMPLES);
        assertThatThrownBy(() -> Schedule.cron("@reboot", NEW_YORK))
                .hasMessage(
                        "cron '@reboot' is none of @hourly, @daily, @midnight, @weekly, @monthly, @yearly and @annually"
                                + EXAMPLES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 30,31 FEB *", "0 0 31 2 */2"})
    void should_refuse_a_date_that_never_comes(String expression) {
        assertThatThrownBy(() -> Schedule.cron(expression, NEW_YORK))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cron '" + expression + "' names a date that never comes" + EXAMPLES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 0 29 2 *", "0 0 30 2 MON", "0 0 L 2 *", "0 0 29 2 */3"})
    void should_take_a_date_that_comes_seldom(String expression) {
        assertThat(Schedule.cron(expression, NEW_YORK).next(Instant.parse("2026-03-01T00:00:00Z")))
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "@hourly, 0 * * * *", "@daily, 0 0 * * *", "@midnight, 0 0 * * *", "@weekly, 0 0 * * 0",
        "@monthly, 0 0 1 * *", "@yearly, 0 0 1 1 *", "@Annually, 0 0 1 1 *", "' 0   7 * * mon-fri ', 0 7 * * MON-FRI"
    })
    void should_be_the_same_however_it_is_written(String written, String meant) {
        assertThat(Schedule.cron(written, NEW_YORK))
                .isEqualTo(Schedule.cron(meant, NEW_YORK))
                .hasSameHashCodeAs(Schedule.cron(meant, NEW_YORK))
                .hasToString("cron " + meant + " America/New_York")
                .isNotEqualTo(Schedule.cron(meant, ZoneOffset.UTC))
                .isNotEqualTo(Schedule.cron("1 1 1 1 *", NEW_YORK));
    }

    @ParameterizedTest
    @CsvSource({
        "0 7 * * *, DAILY",
        "0 7 1-31 * 0-7, DAILY",
        "0 7 * * MON, WEEKLY",
        "0 7 * * MON-FRI, WEEKLY",
        "0 7 1 * *, MONTHLY",
        "0 7 L * *, MONTHLY",
        "0 7 1 1 *, OTHER",
        "0 * * * *, OTHER",
        "*/5 7 * * *, OTHER",
        "*/59 7 * * *, OTHER",
        "0 7 1 * MON, OTHER",
        "0 7 31 * *, MONTHLY"
    })
    void should_know_how_often_it_fires(String expression, Frequency frequency) {
        assertThat(Schedule.cron(expression, NEW_YORK).frequency()).isEqualTo(frequency);
    }

    @ParameterizedTest
    @CsvSource({"0, 08", "7, 08", "SUN, 08", "sun, 08", "0-0, 08", "7-7, 08", "6-7, 07"})
    void should_take_sunday_by_both_its_numbers(String days, String dayOfMarch) {
        Instant monday = Instant.parse("2026-03-02T12:00:00Z");

        assertThat(Schedule.cron("0 7 * * " + days, ZoneOffset.UTC).next(monday))
                .contains(Instant.parse("2026-03-" + dayOfMarch + "T07:00:00Z"));
    }
}
