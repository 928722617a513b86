package io.outfeed.examples.leak;

import java.time.LocalDate;

/** A record of the host. */
record Pupil(String id, String name, long grade, LocalDate born, String email) {}
