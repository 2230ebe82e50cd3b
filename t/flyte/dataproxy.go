// Signed URLs to the store, and values by their flyte:// names.
package main

import (
	"bytes"
	"crypto/md5"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
)

const (
	longestLife  = time.Hour
	downloadLife = 3 * time.Minute
	metadataMD5  = "x-amz-meta-flyteContentMD5"
)

// life of a signed URL: what is asked for, within limits.
func life(q obj, usual time.Duration) (time.Duration, error) {
	text := str(q, "expires_in")
	if text == "" {
		return usual, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		return 0, invalid("expiresIn [%s] must be positive", text)
	}
	if d > longestLife {
		return 0, invalid("expiresIn [%v] cannot exceed max allowed "+
			"expiration [%v]", d, longestLife)
	}
	return d, nil
}

// uploadPlace is project/domain/(root or digest)/filename below the bucket.
func uploadPlace(q obj, sum []byte) string {
	root := str(q, "filename_root")
	if root == "" {
		root = base32.StdEncoding.EncodeToString(sum)
	}
	filename := str(q, "filename")
	if filename == "" {
		filename = madeName()
	}
	return strings.Join([]string{bucket, str(q, "project"),
		str(q, "domain"), root, filename}, "/")
}

func createUploadLocation(c *cluster, q obj) (any, error) {
	for _, part := range []string{"project", "domain"} {
		if str(q, part) == "" {
			return nil, invalid("%s is a required parameter", part)
		}
	}
	text := str(q, "content_md5")
	sum, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, invalid("%v", err)
	}
	if len(sum) == 0 && str(q, "filename_root") == "" {
		return nil, invalid("content_md5 or filename_root is a required " +
			"parameter")
	}
	d, err := life(q, longestLife)
	if err != nil {
		return nil, err
	}
	name := uploadPlace(q, sum)
	old := c.store.find(name)
	if old != nil && str(q, "filename_root") != "" &&
		str(q, "filename") != "" {
		if old.md5 != hex.EncodeToString(sum) {
			return nil, fail(codes.AlreadyExists, "file already exists at "+
				"location [s3://%s], specify a matching hash if you wish "+
				"to rewrite", name)
		}
	}
	// The length is that of the digest's text, and not of the file.
	headers := obj{"Content-MD5": text,
		"Content-Length": strconv.Itoa(len(text))}
	signed := http.Header{}
	if text != "" {
		signed.Set("Content-MD5", text)
		if isTrue(q, "add_content_md5_metadata") {
			headers[metadataMD5] = text
			signed.Set(metadataMD5, text)
		}
	}
	return obj{"signed_url": c.store.sign(http.MethodPut, name, signed, d),
		"native_url": "s3://" + name, "headers": headers,
		"expires_at": stamp(c.clock.now().Add(d))}, nil
}

func createDownloadLocation(c *cluster, q obj) (any, error) {
	native := str(q, "native_url")
	u, err := url.Parse(native)
	if err != nil || u.Scheme == "" || u.Host == "" {
		return nil, fail(codes.Internal, "failed to create a signed url. "+
			"Error: invalid location %q", native)
	}
	d, err := life(q, downloadLife)
	if err != nil {
		return nil, err
	}
	_, name, _ := strings.Cut(native, "://")
	return obj{"signed_url": c.store.sign(http.MethodGet, name, nil, d),
		"expires_at": stamp(c.clock.now().Add(d))}, nil
}

func createDownloadLink(c *cluster, q obj) (any, error) {
	id := sub(q, "node_execution_id")
	if str(q, "artifact_type") != "ARTIFACT_TYPE_DECK" {
		return nil, invalid("invalid artifact type")
	}
	if _, err := c.findNode(id); err != nil {
		return nil, err
	}
	return nil, fail(codes.NotFound, "no deckUrl found for request [%s]",
		show("CreateDownloadLinkRequest", q))
}

// literalBlob keeps the literals as an object and signs a URL to it.
func (c *cluster) literalBlob(name string, literals obj) obj {
	data, err := proto.Marshal(toMessage("LiteralMap", literalMap(literals)))
	if err != nil {
		panic(err)
	}
	name = bucket + "/" + name
	sum := md5.Sum(data)
	old := c.store.find(name)
	if old == nil || old.md5 != hex.EncodeToString(sum[:]) {
		if _, err := c.store.put(name, bytes.NewReader(data),
			nil); err != nil {
			panic(err)
		}
	}
	return obj{"url": c.store.sign(http.MethodGet, name, nil, downloadLife),
		"bytes": strconv.Itoa(len(data))}
}

// getData reads flyte://v1/PROJECT/DOMAIN/RUN/NODE[/ATTEMPT]/(i|o)[/VAR].
func getData(c *cluster, q obj) (any, error) {
	given := str(q, "flyte_url")
	bad := invalid("invalid flyte url [%s]", given)
	rest, ok := strings.CutPrefix(given, "flyte://v1/")
	parts := strings.Split(rest, "/")
	if !ok || len(parts) < 5 {
		return nil, bad
	}
	n, err := c.findNode(obj{"node_id": parts[3], "execution_id": obj{
		"project": parts[0], "domain": parts[1], "name": parts[2]}})
	if err != nil {
		return nil, err
	}
	outputs, parts := n.outputs, parts[4:]
	if attempt, err := strconv.Atoi(parts[0]); err == nil {
		if attempt < 0 || attempt >= len(n.attempts) || len(parts) < 2 {
			return nil, bad
		}
		outputs, parts = n.attempts[attempt].outputs, parts[1:]
	}
	literals := outputs
	switch parts[0] {
	case "i":
		literals = n.inputs
	case "o":
	default:
		return nil, bad
	}
	if len(parts) == 1 {
		return obj{"literal_map": literalMap(literals)}, nil
	}
	if l := sub(literals, parts[1]); l != nil {
		return obj{"literal": l}, nil
	}
	return nil, fail(codes.NotFound, "could not find [%s]", given)
}
