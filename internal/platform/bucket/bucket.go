// Package bucket keeps named contents in a folder or in S3-compatible storage: uploaded files
// (platform/storage) and backups. A content is seen whole or not at all.
package bucket

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Unknown is the size of a content that nobody has counted.
const Unknown = -1

// Entry is one content of a bucket.
type Entry struct {
	Name     string // slash-separated
	Size     int64  // bytes
	Modified time.Time
}

// Bucket holds contents by slash-separated names. A name that is not there is fs.ErrNotExist.
type Bucket interface {
	// Put keeps a content of so many bytes, or Unknown; it is on disk when Put returns.
	Put(ctx context.Context, name string, r io.Reader, size int64) error
	Get(ctx context.Context, name string) (io.ReadCloser, error)
	Stat(ctx context.Context, name string) (Entry, error)
	// Each tells what lies below a folder; all with "".
	Each(ctx context.Context, folder string, tell func(Entry) error) error
	Remove(ctx context.Context, name string) error
}

// Open opens a folder, which is made with its first content, or S3-compatible storage given as
// s3://host/bucket/prefix (s3+http:// without TLS), with the credentials of AWS_ACCESS_KEY_ID and
// AWS_SECRET_ACCESS_KEY and, if any, the region of AWS_REGION.
func Open(address string) (Bucket, error) {
	if !strings.Contains(address, "://") && address != "" {
		return folder(address), nil
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	name, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if u.Scheme != "s3" && u.Scheme != "s3+http" || u.Host == "" || name == "" {
		return nil, fmt.Errorf("%q is neither a folder nor s3://host/bucket/prefix", address)
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds: credentials.NewEnvAWS(), Secure: u.Scheme == "s3", Region: os.Getenv("AWS_REGION"), BucketLookup: minio.BucketLookupPath,
	})
	if err != nil {
		return nil, err
	}
	if prefix != "" {
		prefix += "/"
	}
	return &s3{client, name, prefix}, nil
}
