/* What messages tell people to type. */
#include "lib/base/compat.h"

#include "lib/base/self.h"
#include "t/unit/tap.h"

int
main(void)
{
	is_str(self_call(), "unionml", "nobody has said anything");
	self_set_target("staging");
	is_str(self_call(), "unionml -t staging", "a target");
	self_set_target("0123456789012345678901234567890123456789x");
	is_str(self_call(), "unionml -t "
	    "0123456789012345678901234567890123456789", "a long one");
	self_set_target(NULL);
	is_str(self_call(), "unionml", "none");
	return tap_done();
}
