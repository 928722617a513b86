package io.outfeed.examples.boot;

import java.time.Instant;

/** A row of the table that is exported. */
record Contact(long id, String name, String status, Instant changedAt) {}
