/* An equation that is wider than its column is set smaller, down to seven tenths; then it scrolls. */
function fitEquations() {
  for (const equation of document.querySelectorAll('mjx-container[display="true"]')) {
    equation.style.zoom = 1;
    const wide = equation.scrollWidth / equation.clientWidth;
    if (wide > 1) equation.style.zoom = Math.max(0.7, 0.98 / wide);
  }
}

window.addEventListener('load', () => {
  if (!window.MathJax?.startup) return;
  MathJax.startup.promise.then(() => document.fonts.ready).then(fitEquations);
  window.addEventListener('resize', fitEquations);
});
