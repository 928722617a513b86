/** Requests and responses: parameters, headers of security, forms that only the console's own pages can send. */
@NullMarked
package io.outfeed.console.internal.web;

import org.jspecify.annotations.NullMarked;
