// Package picture tells how large a picture is, and makes a small one of it.
//
// Use Measure for a file that arrives: it reads only the beginning, and whatever is no picture, or is damaged, is just a
// file. Use Previews for what people look at: each preview is made when it is first asked for, one at a time, and kept in
// memory up to a limit. What a file is, is told by its content, never by its name: PNG, JPEG, GIF and WebP.
//
// A picture comes from somebody who may mean harm. So what decoding it takes is worked out from its header, in pixels and in
// bytes of memory, before anything is decoded; reading it has a time limit; and a preview has nothing of the original but
// its pixels: no place where it was taken, no name, no colour profile.
//
// Of a WebP file without loss, or with transparency, the size is told, and there is no preview: the header of such a file
// does not say how much memory its tables take. Pictures are not changed in any other way, and nothing is written to a disk.
package picture
