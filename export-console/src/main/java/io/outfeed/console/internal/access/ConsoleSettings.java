package io.outfeed.console.internal.access;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.console.Authorizer;
import io.outfeed.console.JobEditor;
import java.time.ZoneId;
import java.util.Optional;

/**
 * The settings of a console.
 *
 * @param engine the engine
 * @param authorizer decides what a person sees and may do
 * @param title the title of all pages
 * @param zone the zone in which times are shown
 * @param customerParameter the parameter of a job that names its customer
 * @param editor changes jobs where the host keeps them
 */
public record ConsoleSettings(
        ExportEngine engine,
        Authorizer authorizer,
        String title,
        ZoneId zone,
        Optional<String> customerParameter,
        Optional<JobEditor> editor) {

    /** The customer of a job; empty if it has none. */
    public String customer(ExportJob job) {
        return customerParameter
                .flatMap(name -> Optional.ofNullable(job.parameters().asMap().get(name)))
                .orElse("");
    }
}
