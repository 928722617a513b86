package io.outfeed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.InvalidDefinitionException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SchedulePolicyTest {

    private static SchedulePolicy everything() {
        return SchedulePolicy.builder()
                .misfires(MisfirePolicy.skip())
                .overlaps(OverlapPolicy.SKIP)
                .priority(7)
                .jitter(Duration.ofMinutes(5))
                .build();
    }

    @Test
    void should_run_once_at_the_fire_by_default() {
        SchedulePolicy policy = SchedulePolicy.builder().build();

        assertThat(policy.misfires()).isEqualTo(MisfirePolicy.runOnce());
        assertThat(policy.overlaps()).isEqualTo(OverlapPolicy.COALESCE);
        assertThat(policy.priority()).isZero();
        assertThat(policy.jitter()).isZero();
        assertThat(policy).isEqualTo(SchedulePolicy.defaults()).hasSameHashCodeAs(SchedulePolicy.defaults());
    }

    @Test
    void should_keep_every_option_in_a_copy() {
        SchedulePolicy policy = everything();

        assertThat(policy.toBuilder().build()).isEqualTo(policy).hasSameHashCodeAs(policy);
        assertThat(policy).hasToString("misfires run once within PT10M, overlaps SKIP, priority 7, jitter PT5M");
    }

    @Test
    void should_tell_policies_apart_by_each_option() {
        SchedulePolicy policy = everything();

        assertThat(policy.toBuilder().misfires(MisfirePolicy.runOnce()).build()).isNotEqualTo(policy);
        assertThat(policy.toBuilder().overlaps(OverlapPolicy.COALESCE).build()).isNotEqualTo(policy);
        assertThat(policy.toBuilder().priority(6).build()).isNotEqualTo(policy);
        assertThat(policy.toBuilder().jitter(Duration.ZERO).build()).isNotEqualTo(policy);
    }

    @Test
    void should_not_be_changed_by_its_builder() {
        SchedulePolicy.Builder builder = SchedulePolicy.builder();
        SchedulePolicy before = builder.build();

        builder.priority(3);

        assertThat(before.priority()).isZero();
        assertThat(SchedulePolicy.defaults().priority()).isZero();
    }

    @Test
    void should_take_a_jitter_of_up_to_a_day() {
        assertThat(SchedulePolicy.builder().jitter(Duration.ofDays(1)).build().jitter())
                .isEqualTo(Duration.ofDays(1));
        assertThatThrownBy(() ->
                        SchedulePolicy.builder().jitter(Duration.ofSeconds(-1)).build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("schedule policy has 1 problem: jitter must be zero to one day, not PT-1S");
    }

    @Test
    void should_keep_what_a_job_does_not_change() {
        ExportJob job = ExportJob.builder("rows", ExportJobTest.definition("rows", "rows.csv"))
                .schedulePolicy(p -> p.priority(7))
                .schedulePolicy(p -> p.overlaps(OverlapPolicy.SKIP))
                .build();

        assertThat(job.schedulePolicy())
                .isEqualTo(SchedulePolicy.builder()
                        .priority(7)
                        .overlaps(OverlapPolicy.SKIP)
                        .build());
    }
}
