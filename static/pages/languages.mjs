// Keeps the part behind the # when the reader changes language: in the booth it is the member's
// code, which a link of the server's cannot know.

/** @type {NodeListOf<HTMLAnchorElement>} */
const links = document.querySelectorAll("a[data-keep-fragment]");
for (const link of links) {
  link.addEventListener("click", () => {
    if (location.hash && !link.hash) link.hash = location.hash;
  });
}
