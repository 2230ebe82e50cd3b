/* Options whose value is a line of text. */
#include "lib/base/compat.h"

#include "cmd/textline.h"
#include "lib/text/utf8.h"

enum { LINE_MAX_BYTES = 200 };

enum status
check_text_line(const char *option, const char *text)
{
	size_t len = strlen(text), i, n;

	if (len > LINE_MAX_BYTES)
		return error(EXIT_USAGE, "%s is %zu bytes long: at most %d "
		    "will do", option, len, LINE_MAX_BYTES);
	for (i = 0; i < len; i += n) {
		n = utf8_length(text + i, len - i);
		if (n == 0)
			return error(EXIT_USAGE, "%s is not UTF-8", option);
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return error(EXIT_USAGE, "%s is one line of text, "
			    "without control characters", option);
	}
	return EXIT_DONE;
}
