/** The servers of the tests. Free of the code under test. */
package io.outfeed.mail.servers;
