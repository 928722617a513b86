package io.outfeed.internal.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.file.IfExists;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery;
import org.junit.jupiter.api.Test;

/** Jobs whose files have the same names at one destination. */
class SharedNamesTest {

    private static final Delivery LAKESIDE = InMemoryDelivery.create("lakeside");

    private final SharedNames names = new SharedNames();

    private static ExportJob job(String job, String file, IfExists ifExists, Delivery delivery) {
        return ExportJob.builder(
                        job,
                        Visit.export(Visit.source(), f -> f.name(file).ifExists(ifExists))
                                .build())
                .deliverTo(delivery)
                .build();
    }

    @Test
    void should_tell_that_one_job_replaces_the_files_of_another() {
        assertThat(names.put(job("first", "visits.csv", IfExists.REPLACE, LAKESIDE)))
                .isEmpty();

        assertThat(names.put(job("second", "VISITS.csv", IfExists.FAIL, LAKESIDE)))
                .containsExactly("its files and those of job 'first' have the same names 'VISITS.csv' at delivery"
                        + " 'lakeside', and one replaces the other: give each its own, such as by {job}");
        assertThat(names.put(job("third", "visits-{fire:yyyyMMdd}.csv", IfExists.REPLACE, LAKESIDE)))
                .isEmpty();
        assertThat(names.put(job("fourth", "visits-{fire:yyyyMMdd}.csv", IfExists.REPLACE, LAKESIDE)))
                .hasSize(1);
    }

    @Test
    void should_say_nothing_where_nothing_is_replaced() {
        assertThat(names.put(job("first", "visits.csv", IfExists.FAIL, LAKESIDE)))
                .isEmpty();
        assertThat(names.put(job("second", "visits.csv", IfExists.FAIL, LAKESIDE)))
                .isEmpty();
        assertThat(names.put(job("third", "visits.csv", IfExists.REPLACE, InMemoryDelivery.create("elsewhere"))))
                .isEmpty();
        assertThat(names.put(job("fourth", "{job}.csv", IfExists.REPLACE, LAKESIDE)))
                .isEmpty();
        assertThat(names.put(job("fifth", "{job}.csv", IfExists.REPLACE, LAKESIDE)))
                .isEmpty();
    }

    @Test
    void should_forget_a_job_that_was_replaced_or_removed() {
        names.put(job("first", "visits.csv", IfExists.REPLACE, LAKESIDE));
        names.put(job("first", "own.csv", IfExists.REPLACE, LAKESIDE));
        assertThat(names.put(job("second", "visits.csv", IfExists.REPLACE, LAKESIDE)))
                .isEmpty();
        assertThat(names.put(job("second", "visits.csv", IfExists.REPLACE, LAKESIDE)))
                .isEmpty();

        names.remove("second");

        assertThat(names.put(job("third", "visits.csv", IfExists.REPLACE, LAKESIDE)))
                .isEmpty();
    }
}
